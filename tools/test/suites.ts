import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { allCheckers } from '../check/all-checkers.ts';
import { faultLines, verdictLine } from '../check/print-verdict.ts';
import { runChecks } from '../check/run-checks.ts';
import { findMariadb, MARIADB_ADVICE, MARIADB_PACKAGES } from '../cluster/mariadb/testing.ts';
import { findPatroni, PATRONI_PACKAGES } from '../patroni/index.ts';
import { CHROMIUM_ADVICE, provideChromium } from './chromium.ts';
import { installPackages, mayInstall } from './debian.ts';
import { providePlugins } from './mariadb-plugins.ts';
import { runRunner } from './run-runner.ts';
import { type Tally, tallyDrills, tallyPlaywright, tallyVitest } from './tally.ts';

/** Where a suite works: the project, a folder for its report, and where its progress goes. */
export interface SuiteContext {
  readonly root: string;
  readonly reportFolder: string;
  readonly print: (line: string) => void;
}

/** A part of `npm test`, in the order of what fails first and fastest. */
export interface Suite {
  readonly name: string;
  readonly run: (context: SuiteContext) => Promise<Tally>;
}

const MINUTE_MS = 60_000;

async function runCheckSuite({ root, print }: SuiteContext): Promise<Tally> {
  const verdicts = await runChecks(allCheckers, { root, atOnce: 2, report: (verdict) => print(verdictLine(verdict)) });
  const red = verdicts.filter(({ passed }) => !passed);
  for (const verdict of red) print(faultLines(verdict).join('\n'));
  return { passed: verdicts.length - red.length, failed: red.length, skipped: 0, problems: [] };
}

function createVitestSuite(project: string, limitMs: number): Suite['run'] {
  return async ({ root, reportFolder }) => {
    const reportFile = join(reportFolder, `${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const args = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', project, ...reporters];
    return tallyVitest(await runRunner({ command: process.execPath, args, cwd: root, reportFile, limitMs }));
  };
}

/** Half of it needs MariaDB, one of its drills Patroni; where they stay missing, it says so and skips. */
async function runDatabaseSuite(context: SuiteContext): Promise<Tally> {
  if (findMariadb() === undefined && mayInstall()) installPackages(MARIADB_PACKAGES, context.print);
  providePlugins(context.print);
  if (findPatroni() === undefined && mayInstall()) installPackages(PATRONI_PACKAGES, context.print);
  return createVitestSuite('database', 15 * MINUTE_MS)(context);
}

async function runMariadbSuite(context: SuiteContext): Promise<Tally> {
  if (findMariadb() === undefined) return { passed: 0, failed: 0, skipped: 1, problems: [MARIADB_ADVICE] };
  return createVitestSuite('mariadb', 15 * MINUTE_MS)(context);
}

async function runBrowserSuite({ root, reportFolder, print }: SuiteContext): Promise<Tally> {
  if (provideChromium(print) === undefined) return { passed: 0, failed: 0, skipped: 1, problems: [CHROMIUM_ADVICE] };
  const build = spawnSync(process.execPath, [join('tools', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (build.status !== 0) return { passed: 0, failed: 1, skipped: 0, problems: ['the build failed'] };
  const reportFile = join(reportFolder, 'e2e.json');
  const args = [join('node_modules', '@playwright', 'test', 'cli.js'), 'test', '--reporter=list,json'];
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile };
  return tallyPlaywright(
    await runRunner({ command: process.execPath, args, cwd: root, environment, reportFile, limitMs: 20 * MINUTE_MS }),
  );
}

/** All drills in their short form: both engines go through the same list. */
function createDrillSuite(engine: 'postgres' | 'mysql'): Suite['run'] {
  return async ({ root, reportFolder }) => {
    const reportFile = join(reportFolder, `drill-${engine}.json`);
    const outputs = ['--json', reportFile, '--report', join(reportFolder, `drill-${engine}.md`)];
    const args = ['--import', 'tsx', join('tools', 'drill', 'run.ts'), '--engine', engine, ...outputs];
    const command = process.execPath;
    return tallyDrills(await runRunner({ command, args, cwd: root, reportFile, limitMs: 15 * MINUTE_MS }));
  };
}

async function runMariadbDrillSuite(context: SuiteContext): Promise<Tally> {
  if (findMariadb() === undefined) return { passed: 0, failed: 0, skipped: 1, problems: [MARIADB_ADVICE] };
  return createDrillSuite('mysql')(context);
}

/** Everything that `npm test` runs. The limits are for two busy cores; a suite that reaches its limit has failed. */
export const allSuites: readonly Suite[] = [
  { name: 'check', run: runCheckSuite },
  { name: 'unit', run: createVitestSuite('unit', 10 * MINUTE_MS) },
  { name: 'database', run: runDatabaseSuite },
  { name: 'mariadb', run: runMariadbSuite },
  { name: 'e2e', run: runBrowserSuite },
  { name: 'drill', run: createDrillSuite('postgres') },
  { name: 'mariadb-drill', run: runMariadbDrillSuite },
];
