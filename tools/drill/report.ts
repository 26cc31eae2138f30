import type { DrillResult } from './run-drill.ts';

export interface DrillRun {
  /** As it calls itself, with its version. */
  readonly engine: string;
  readonly full: boolean;
  /** What was drilled, where and for how long: a sentence each. */
  readonly circumstances: readonly string[];
  readonly results: readonly DrillResult[];
  /** Drills that could not be tried here, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
}

/** One line for the screen. */
export function resultLine({ name, problems, ledger, failedReads, failedWrites, longestPauseMs }: DrillResult): string {
  const verdict = problems.length === 0 ? 'passed' : 'FAILED';
  const failed = `${failedReads} reads and ${failedWrites} writes told to try again`;
  return `${verdict}  ${name}: ${ledger.acknowledged} messages, ${failed}, longest pause ${Math.round(longestPauseMs)} ms`;
}

/** The whole run as a page. */
export function markdown({ engine, full, circumstances, results, skipped }: DrillRun): string {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  return [
    `# Drills on ${engine}${full ? ', full length' : ', short form'}`,
    '',
    `${results.length - failed} passed, ${failed} failed, ${skipped.length} skipped. Twenty clients post, read and listen; times in milliseconds.`,
    ...circumstances,
    '',
    '| drill | messages | lost | doubled | out of order | stale reads | refused reads | refused writes | longest pause | p99 of reads before / during |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...results.map(row),
    '',
    ...skipped.map(({ name, why }) => `Skipped: ${name}. ${why}`),
    ...results.flatMap(chapter),
    '',
  ].join('\n');
}

function row(result: DrillResult): string {
  const { name, ledger, staleReads, failedReads, failedWrites, longestPauseMs, phases } = result;
  const [before, during] = phases;
  const p99 = `${whole(before?.reads.p99)} / ${whole(during?.reads.p99)}`;
  const counts = [ledger.acknowledged, ledger.lost, ledger.doubled, ledger.disordered, staleReads];
  return `| ${[name, ...counts, failedReads, failedWrites, whole(longestPauseMs), p99].join(' | ')} |`;
}

function chapter({ name, title, notice, problems, phases, failures, findings }: DrillResult): string[] {
  return [
    '',
    `## ${name}`,
    '',
    `${title} Clients may notice: ${notice}. ${problems.length === 0 ? 'Passed.' : 'Failed:'}`,
    ...problems.map((problem) => `- **${problem}**`),
    ...findings,
    '',
    '| phase | took | reads | p50 | p99 | longest | messages | p50 | p99 | longest |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...phases.map(({ name: phase, ms, reads, writes }) => {
      const figures = [reads, writes].flatMap(({ count, p50, p99, longest }) => [
        count,
        whole(p50),
        whole(p99),
        whole(longest),
      ]);
      return `| ${[phase, whole(ms), ...figures].join(' | ')} |`;
    }),
    ...(failures.length === 0 ? [] : ['', 'What clients were told:', ...failures.map((failure) => `- ${failure}`)]),
  ];
}

function whole(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : String(Math.round(value));
}
