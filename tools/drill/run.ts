import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
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
/** Of the server's log, for a drill that failed. */
const LOG_LINES = 20;
const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    engine: { type: 'string', default: 'postgres' },
    report: { type: 'string', default: join(root, 'drill-report.md') },
    json: { type: 'string' },
  },
});
const names = allDrills.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) fail(`No drill is called ${unknown.join(', ')}. There are: ${names.join(', ')}`);
const startCluster = engines[values.engine as DriverName];
if (startCluster === undefined)
  fail(`There is no engine ${values.engine}. There are: ${Object.keys(engines).join(', ')}`);

const run: {
  -readonly [Key in keyof DrillRun]: DrillRun[Key] extends readonly (infer Item)[] ? Item[] : DrillRun[Key];
} = {
  engine: values.engine,
  full: values.full,
  results: [],
  skipped: [],
};
// By way of the exit handlers: nothing that was started, frozen or mounted may stay behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
// What is drilled is what is shipped.
execFileSync(process.execPath, [join('tools', 'build.mjs')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
let world: World | undefined;
try {
  for (const drill of allDrills.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    world ??= await openWorld(startCluster).catch(tellWhyNot);
    const why = drill.whyNot?.(world.cluster);
    if (why !== undefined) {
      console.log(`skipped ${drill.name}: ${why}`);
      run.skipped.push({ name: drill.name, why });
      continue;
    }
    const result = await runDrill(drill, world, values.full);
    console.log(resultLine(result));
    for (const problem of result.problems) console.log(`        ${problem}`);
    if (result.problems.length > 0) for (const line of tellMore(result, world)) console.log(`        ${line}`);
    run.results.push(result);
    // What a failed drill has left behind is nobody else's fault.
    if (result.problems.length > 0) world = await leave(world);
  }
} finally {
  await leave(world);
}

await writeFile(values.report, markdown(run));
const failed = run.results.filter(({ problems }) => problems.length > 0);
const tally = {
  passed: run.results.length - failed.length,
  failed: failed.length,
  skipped: run.skipped.length,
  problems: failed.map(({ name, problems }) => `${name}: ${problems.join(' ')}`),
};
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(tally));
console.log(
  `\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped: ${relative(process.cwd(), values.report)}`,
);
process.exit(failed.length === 0 ? 0 : 1);

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
