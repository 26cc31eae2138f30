// Health check of the container: 0 when the server can do its work.
const answer = await fetch('http://127.0.0.1:8065/health/ready').catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
