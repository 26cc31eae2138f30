#!/usr/bin/env node
// `npm start`. Imports come after the check of the version: on an old Node they would fail with a riddle.
const oldest = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(`Holdfast needs Node.js ${oldest.join('.')} or newer. This is ${process.versions.node}.`);
  process.exit(1);
}

try {
  const { ensureBuilt } = await import('../tools/build.mjs');
  await ensureBuilt();
  const { start } = await import('../dist/tools/start/main.js');
  await start({ words: process.argv.slice(2) });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
