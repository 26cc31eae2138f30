import { isAbsolute, join, relative } from 'node:path';

/** What one suite reported. A suite that did not report counts as one failure, never as nothing. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed: each test by its file and name with its first line, and what is no test's verdict: a crash, an empty run. */
  readonly problems: readonly string[];
}

/** How the runner's process ended, and what it wrote; `report` is undefined when it wrote none or no JSON. */
export interface RunnerResult {
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly report: unknown;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly errors: readonly { readonly message?: string }[];
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly ok: boolean;
    readonly file: string;
    readonly line: number;
    readonly title: string;
  }[];
}

/** Counts a vitest JSON report. A file that failed before its first test has no test to count: the file itself is the failure. */
export function tallyVitest(result: RunnerResult): Tally {
  const report = result.report as VitestReport | undefined;
  if (report === undefined) return crash(result);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return settle(result, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    problems: [
      ...broken.map(({ name }) => `${shorten(name)} failed before its first test`),
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages: [message = ''] = [] }) => named(shorten(name), fullName, message)),
      ),
    ],
  });
}

/** Counts a Playwright JSON report. A test that passed only on a second try is a failure: there are no second tries. */
export function tallyPlaywright(result: RunnerResult): Tally {
  const report = result.report as PlaywrightReport | undefined;
  if (report === undefined) return crash(result);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const errors = report.errors.map(({ message = 'an error outside of any test' }) => message);
  return settle(result, {
    passed: expected,
    failed: unexpected + flaky + errors.length,
    skipped,
    problems: [...errors, ...(report.suites ?? []).flatMap(failedSpecs)],
  });
}

function failedSpecs({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.filter(({ ok }) => !ok).map(({ file, line, title }) => named(`e2e/${file}:${line}`, title));
  return [...own, ...suites.flatMap(failedSpecs)];
}

function named(place: string, test: string, message = ''): string {
  const line = message.split('\n', 1)[0];
  return [place, test, ...(line ? [line] : [])].join(' > ');
}

const ROOT = join(import.meta.dirname, '..', '..');

function shorten(path: string): string {
  return isAbsolute(path) ? relative(ROOT, path) : path;
}

/** Takes over what the drills counted themselves. */
export function tallyDrills(result: RunnerResult): Tally {
  const report = result.report as Tally | undefined;
  return report === undefined ? crash(result) : settle(result, report);
}

/** Adds up; with `skipsFail` (CI) every skipped test is a failed one. */
export function sumTallies(tallies: readonly Tally[], skipsFail: boolean): Tally {
  const sum = (pick: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + pick(tally), 0);
  const skipped = sum((tally) => tally.skipped);
  const failed = sum((tally) => tally.failed);
  return {
    passed: sum((tally) => tally.passed),
    failed: skipsFail ? failed + skipped : failed,
    skipped: skipsFail ? 0 : skipped,
    problems: skipsFail && skipped > 0 ? [`${skipped} skipped: with CI set, a skip is a failure`] : [],
  };
}

/** `12 passed, 0 failed` and, when there is something to say, `, 3 skipped`. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function settle(result: RunnerResult, tally: Tally): Tally {
  const { passed, failed, skipped, problems } = tally;
  if (result.timedOut) return withFailure(tally, 'stopped: it took longer than its limit');
  if (passed + failed + skipped === 0) return withFailure(tally, 'it ran no test');
  if (result.exitCode !== 0 && failed === 0) return withFailure(tally, `it ended with exit code ${result.exitCode}`);
  return { passed, failed, skipped, problems };
}

function crash({ exitCode, timedOut }: RunnerResult): Tally {
  const why = timedOut
    ? 'stopped: it took longer than its limit'
    : `it ended with exit code ${exitCode} and left no report`;
  return withFailure({ passed: 0, failed: 0, skipped: 0, problems: [] }, why);
}

function withFailure(tally: Tally, problem: string): Tally {
  return { ...tally, failed: tally.failed + 1, problems: [...tally.problems, problem] };
}
