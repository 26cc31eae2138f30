#!/usr/bin/env node
// `npm run cluster`. An older build serves: one that is in use by a running server must not be replaced under it.
try {
  const { ensureBuilt } = await import('../tools/build.mjs');
  await ensureBuilt({ only: 'server', ifMissing: true });
  const { runClusterCommand } = await import('../dist/tools/start/cluster-command.js');
  process.exit(await runClusterCommand(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
