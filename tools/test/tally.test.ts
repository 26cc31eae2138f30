import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRunner } from './run-runner.ts';
import { closingLine, sumTallies, type Tally, tallyDrills, tallyPlaywright, tallyVitest } from './tally.ts';

const vitestReport = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };
const playwrightReport = { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] };
const ended = { exitCode: 0, timedOut: false };
const counts = ({ passed, failed, skipped }: Tally): number[] => [passed, failed, skipped];

describe('tallyVitest', () => {
  it('counts what the report says', () => {
    expect(counts(tallyVitest({ ...ended, report: vitestReport }))).toEqual([3, 0, 2]);
  });

  it('counts a file that failed before its first test', () => {
    const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }];
    const tally = tallyVitest({ ...ended, exitCode: 1, report: { ...vitestReport, testResults } });
    expect(counts(tally)).toEqual([3, 1, 2]);
    expect(tally.problems).toEqual(['a.test.ts failed before its first test']);
  });

  it('names what failed, with the first line of its reason', () => {
    const assertionResults = [
      { fullName: 'a store keeps', status: 'failed', failureMessages: ['Error: it is gone\n    at a.test.ts:3'] },
      { fullName: 'a store finds', status: 'passed', failureMessages: [] },
    ];
    const testResults = [{ name: join(import.meta.dirname, 'a.test.ts'), status: 'failed', assertionResults }];
    const report = { ...vitestReport, numFailedTests: 1, testResults };
    expect(tallyVitest({ ...ended, exitCode: 1, report }).problems).toEqual([
      'tools/test/a.test.ts > a store keeps > Error: it is gone',
    ]);
  });

  it.each([
    ['a crash without a report', { exitCode: 139, timedOut: false, report: undefined }],
    [
      'a run of no test',
      { ...ended, report: { ...vitestReport, numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 } },
    ],
    ['a bad exit after good tests', { exitCode: 1, timedOut: false, report: vitestReport }],
    ['a run that was stopped at its limit', { exitCode: 0, timedOut: true, report: vitestReport }],
  ])('counts %s as failed', (_, result) => {
    const tally = tallyVitest(result);
    expect(tally.failed).toBe(1);
    expect(tally.problems).toHaveLength(1);
  });
});

describe('tallyPlaywright', () => {
  it('counts what the report says', () => {
    expect(counts(tallyPlaywright({ ...ended, report: playwrightReport }))).toEqual([2, 0, 0]);
  });

  it('counts flaky tests and errors outside of tests as failed', () => {
    const report = { stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 }, errors: [{ message: 'no config' }] };
    expect(counts(tallyPlaywright({ ...ended, exitCode: 1, report }))).toEqual([1, 3, 0]);
  });

  it('names what failed, however deep it lies', () => {
    const spec = { ok: false, file: 'chat/outbox.spec.ts', line: 18, title: 'messages wait' };
    const suites = [{ specs: [{ ...spec, ok: true }], suites: [{ specs: [spec] }] }];
    const report = { ...playwrightReport, stats: { expected: 1, unexpected: 1, flaky: 0, skipped: 0 }, suites };
    expect(tallyPlaywright({ ...ended, exitCode: 1, report }).problems).toEqual([
      'e2e/chat/outbox.spec.ts:18 > messages wait',
    ]);
  });
});

describe('tallyDrills', () => {
  it('counts what the report says, and a run that left none', () => {
    const report = { passed: 2, failed: 1, skipped: 1, problems: ['replica-kill: 1 messages are lost.'] };
    expect(tallyDrills({ ...ended, exitCode: 1, report })).toEqual(report);
    expect(counts(tallyDrills({ ...ended, exitCode: 1, report: undefined }))).toEqual([0, 1, 0]);
  });
});

describe('the closing line', () => {
  const tallies: Tally[] = [
    { passed: 3, failed: 1, skipped: 2, problems: [] },
    { passed: 4, failed: 0, skipped: 0, problems: [] },
  ];

  it('adds up all suites', () => {
    expect(closingLine(sumTallies(tallies, false))).toBe('7 passed, 1 failed, 2 skipped');
  });

  it('takes a skip for a failure in CI', () => {
    expect(closingLine(sumTallies(tallies, true))).toBe('7 passed, 3 failed');
  });
});

describe('runRunner', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-runner-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const runScript = async (script: string, limitMs = 30_000) => {
    const file = join(folder, `${limitMs}-${script.length}.mjs`);
    await writeFile(file, script);
    const reportFile = `${file}.json`;
    return runRunner({ command: process.execPath, args: [file, reportFile], cwd: folder, reportFile, limitMs });
  };

  it('reads the report that the runner left', async () => {
    const script =
      "import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[2], '{\"a\":1}'); process.exitCode = 3;";
    expect(await runScript(script)).toEqual({ exitCode: 3, timedOut: false, report: { a: 1 } });
  });

  it('has no report of a runner that crashed', async () => {
    expect(await runScript("process.kill(process.pid, 'SIGKILL');")).toEqual({
      exitCode: 1,
      timedOut: false,
      report: undefined,
    });
  });

  it('stops a runner at its limit', async () => {
    const result = await runScript('setInterval(() => {}, 1000);', 300);
    expect(result).toMatchObject({ timedOut: true, report: undefined });
  });

  it('has no report of a runner that cannot start', async () => {
    const nowhere = join(folder, 'missing');
    const result = await runRunner({
      command: nowhere,
      args: [],
      cwd: folder,
      reportFile: `${nowhere}.json`,
      limitMs: 1000,
    });
    expect(result).toEqual({ exitCode: 127, timedOut: false, report: undefined });
  });
});
