#!/usr/bin/env node
// `npx holdfast ...`. Imports come after the check of the version: on an old Node they would fail with a riddle.
import { existsSync, readFileSync } from 'node:fs';

const oldest = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(`Holdfast needs Node.js ${oldest.join('.')} or newer. This is ${process.versions.node}.`);
  process.exit(1);
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

try {
  // A fresh checkout has no build; an installation brings its own and no tools to make one.
  if (!existsSync(new URL('../dist/server/cli/index.js', import.meta.url))) {
    const { ensureBuilt } = await import('../tools/build.mjs');
    await ensureBuilt({ ifMissing: true, say: console.error });
  }
  const { main } = await import('../dist/server/cli/index.js');
  process.exitCode = await main(process.argv.slice(2), {
    // Imported only when asked for: a check of the configuration needs no server.
    runServer: async (options) => (await import('../dist/server/main.js')).runServer(options),
    env: process.env,
    version,
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
