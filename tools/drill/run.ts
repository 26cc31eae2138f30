import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ClusterError } from '../cluster/index.ts';
import { allDrills } from './all-drills.ts';
import type { DriverName } from './drill-cluster.ts';
import { engines } from './engines.ts';
import { type DrillRun, markdown, resultLine } from './report.ts';
import { type DrillResult, runDrill } from './run-drill.ts';
import { openWorld, type World } from './world.ts';

// npm run drill [-- NAME ...] [--full] [--engine postgres|mysql]: every fault under load, with the ledger compared at the end of each.
// --keep writes the report to docs/drills, by engine and date, where it is committed.
/** Of the server's log, for a drill that failed. */
const LOG_LINES = 20;
const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    engine: { type: 'string', default: 'postgres' },
    report: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const names = allDrills.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) fail(`No drill is called ${unknown.join(', ')}. There are: ${names.join(', ')}`);
const startCluster = engines[values.engine as DriverName];
if (startCluster === undefined)
  fail(`There is no engine ${values.engine}. There are: ${Object.keys(engines).join(', ')}`);

const results: DrillResult[] = [];
const skipped: DrillRun['skipped'][number][] = [];
let engine: string = values.engine;
const began = new Date();
// By way of the exit handlers: nothing that was started, frozen or mounted may stay behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
// What is drilled is what is shipped.
execFileSync(process.execPath, [join('tools', 'build.mjs')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
let world: World | undefined;
try {
  for (const drill of allDrills.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    if (world === undefined) {
      world = await openWorld(startCluster).catch(tellWhyNot);
      engine = await world.cluster.version();
    }
    const why = drill.whyNot?.(world.cluster);
    if (why !== undefined) {
      console.log(`skipped ${drill.name}: ${why}`);
      skipped.push({ name: drill.name, why });
      continue;
    }
    const result = await runDrill(drill, world, values.full);
    console.log(resultLine(result));
    for (const problem of result.problems) console.log(`        ${problem}`);
    if (result.problems.length > 0) for (const line of tellMore(result, world)) console.log(`        ${line}`);
    results.push(result);
    // What a failed drill has left behind is nobody else's fault.
    if (result.problems.length > 0) world = await leave(world);
  }
} finally {
  await leave(world);
}

const report = values.report ?? (values.keep ? keptReport() : join(root, 'drill-report.md'));
await writeFile(report, markdown({ engine, full: values.full, circumstances: circumstances(), results, skipped }));
const failed = results.filter(({ problems }) => problems.length > 0);
const tally = {
  passed: results.length - failed.length,
  failed: failed.length,
  skipped: skipped.length,
  problems: failed.map(({ name, problems }) => `${name}: ${problems.join(' ')}`),
};
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(tally));
console.log(
  `\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped: ${relative(process.cwd(), report)}`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** `docs/drills/2026-11-29-mariadb.md` */
function keptReport(): string {
  const [name = ''] = engine.toLowerCase().split(' ');
  return join(root, 'docs', 'drills', `${began.toISOString().slice(0, 10)}-${name}.md`);
}

function circumstances(): string[] {
  const commit = git('rev-parse', '--short', 'HEAD') ?? 'unknown';
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes of its own';
  const [cpu] = cpus();
  const minutes = ((Date.now() - began.getTime()) / 60_000).toFixed(1);
  return [
    `Run on ${began.toISOString().slice(0, 10)} in ${minutes} minutes, at commit ${commit}${changed}, on Node ${process.versions.node}`,
    `with ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), which server, databases and clients share.`,
  ];
}

/** Undefined without a repository: the project may have been unpacked from an archive. */
function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** A missing database is told by its name and not by a stack. */
function tellWhyNot(error: unknown): never {
  if (error instanceof ClusterError) fail(error.message);
  throw error;
}

/** What clients were told, and what the server printed last. */
function tellMore({ failures }: DrillResult, { server }: World): string[] {
  return [...failures, ...server.log.trimEnd().split('\n').slice(-LOG_LINES)];
}

async function leave(left: World | undefined): Promise<undefined> {
  await left?.stop().catch((error: unknown) => console.error('The world could not be closed:', error));
}

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}
