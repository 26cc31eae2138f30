// Builds what is missing or older than its sources: the server (tsc) and the webapp (vite), both into dist/.
// Plain JavaScript, since it runs before anything is built.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Part
 * @property {string} name as people are told
 * @property {string[]} sources files and folders below the project; a change in any makes the part stale
 * @property {string[]} outputs removed before a build, so that nothing of deleted sources stays
 * @property {string} program a script of an installed package
 * @property {string[]} args
 */

/** @type {Part[]} */
const parts = [
  {
    name: 'server',
    sources: [
      'contract',
      'server',
      'tools/cluster',
      'tools/start',
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
    ],
    outputs: ['dist/contract', 'dist/server', 'dist/tools'],
    program: 'node_modules/typescript/bin/tsc',
    args: ['-p', 'tsconfig.build.json'],
  },
  {
    name: 'webapp',
    sources: ['contract', 'webapp', 'package-lock.json'],
    outputs: ['dist/webapp'],
    program: 'node_modules/vite/bin/vite.js',
    args: ['build', 'webapp'],
  },
];

/**
 * Builds the named parts where they are stale.
 *
 * @param {{only?: string, ifMissing?: boolean, say?: (line: string) => void}} [options] `only`: one part's name; `ifMissing`: leave an
 *   older build as it is; `say` gets the lines of progress
 * @throws {Error} with the compiler's output when a part does not build
 */
export async function ensureBuilt({ only, ifMissing = false, say = console.log } = {}) {
  const wanted = parts.filter((part) => only === undefined || part.name === only);
  const stale = wanted.filter((part) => (ifMissing ? !existsSync(stampOf(part)) : isStale(part)));
  await Promise.all(stale.map((part) => build(part, say)));
}

/**
 * Whether a part is built and none of its sources has changed since.
 *
 * @param {string} name
 * @param {string} [project] default: this one
 */
export function isBuilt(name, project = root) {
  const part = parts.find((one) => one.name === name);
  return part !== undefined && !isStale(part, project);
}

/**
 * @param {Part} part
 * @param {string} [project]
 */
function stampOf(part, project = root) {
  return join(project, 'dist', `.${part.name}-built`);
}

/**
 * @param {Part} part
 * @param {string} [project]
 */
function isStale(part, project = root) {
  const stamp = statSync(stampOf(part, project), { throwIfNoEntry: false });
  return stamp === undefined || part.sources.some((source) => newestChange(join(project, source)) > stamp.mtimeMs);
}

/**
 * The newest change below a path, in milliseconds. Folders count too: their time changes when a file is removed.
 *
 * @param {string} path
 * @returns {number}
 */
export function newestChange(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const inner = readdirSync(path).map((name) => newestChange(join(path, name)));
  return Math.max(found.mtimeMs, ...inner);
}

/**
 * @param {Part} part
 * @param {(line: string) => void} say
 */
async function build(part, say) {
  const program = join(root, part.program);
  if (!existsSync(program)) throw new Error('The packages are not installed: run npm ci first.');
  const began = new Date();
  say(`Building the ${part.name} ...`);
  rmSync(stampOf(part), { force: true });
  for (const output of part.outputs) rmSync(join(root, output), { recursive: true, force: true });
  const { code, output } = await runNode([program, ...part.args]);
  if (code !== 0) throw new Error(`The ${part.name} does not build:\n${output.trimEnd()}`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampOf(part), '');
  // Sources that changed while the compiler ran may be newer than what it read.
  utimesSync(stampOf(part), began, began);
  say(`Built the ${part.name} in ${((Date.now() - began.getTime()) / 1000).toFixed(1)} s.`);
}

/**
 * @param {string[]} args
 * @returns {Promise<{code: number | null, output: string}>}
 */
function runNode(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject).on('close', (code) => resolve({ code, output }));
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureBuilt();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
