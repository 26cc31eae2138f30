import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { BenchResult } from './result.ts';

/** One run of `npm run bench`, as it is kept in `bench/results/`. */
export interface BenchRun {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  /** A quick run has too few rounds to be compared with another. */
  readonly quick: boolean;
  readonly results: readonly BenchResult[];
}

export function describeRun(results: readonly BenchResult[], quick: boolean): BenchRun {
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    commit: commitOfSources(),
    machine: `${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}, ${process.platform} ${release()}, Node ${process.versions.node}`,
    quick,
    results,
  };
}

/** `name  1.32 (1.20 to 1.41)  posts/s : pgbench  goal >= 1.0  met` */
export function resultLine(result: BenchResult): string {
  const { name, ratio, spread, unit, goal } = result;
  const verdict = meetsGoal(result) ? 'met' : 'MISSED';
  return `${name}: ${figure(ratio)} (${figure(spread[0])} to ${figure(spread[1])}) ${unit}; goal ${goal}: ${verdict}`;
}

/** Goals are written `>= 0.5` or `<= 1.0`, about the median. */
export function meetsGoal({ ratio, goal }: Pick<BenchResult, 'ratio' | 'goal'>): boolean {
  const parts = /^(>=|<=) ([\d.]+)$/.exec(goal);
  if (parts === null) throw new Error(`"${goal}" is no goal.`);
  return parts[1] === '>=' ? ratio >= Number(parts[2]) : ratio <= Number(parts[2]);
}

/** Writes `DATE-COMMIT.json` and `.md` and returns the path of the latter. */
export async function writeRun(run: BenchRun, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const base = join(folder, `${run.at.slice(0, 16).replaceAll(':', '')}-${run.commit}${run.quick ? '-quick' : ''}`);
  await writeFile(`${base}.json`, `${JSON.stringify(run, null, 2)}\n`);
  await writeFile(`${base}.md`, markdown(run));
  return `${base}.md`;
}

function markdown({ at, commit, machine, quick, results }: BenchRun): string {
  const rows = results.map((result) => {
    const { name, ratio, spread, goal, unit, detail } = result;
    const spreadText = `${figure(spread[0])} to ${figure(spread[1])}`;
    return `| ${name} | **${figure(ratio)}** | ${spreadText} | ${unit} | ${goal} | ${meetsGoal(result) ? 'met' : 'missed'} | ${detail} |`;
  });
  return [
    `# ${at.slice(0, 10)}, commit ${commit}${quick ? ' (quick)' : ''}`,
    '',
    `${machine}. Medians of interleaved rounds. Only the ratios mean anything.`,
    '',
    '| measure | ratio | spread | of what | goal | | absolute |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function figure(value: number): string {
  return value.toFixed(2);
}

function commitOfSources(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'server', 'contract') === '' ? '' : '-changed';
    return `${git('rev-parse', '--short=9', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
