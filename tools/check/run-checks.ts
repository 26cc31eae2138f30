import { type Checker, faultsOf } from './checker.ts';

/** Verdict of one checker, ready to be printed. */
export interface CheckVerdict {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** `212 files` */
  readonly saw: string;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

/** Runs all checkers over `root`, `atOnce` of them at a time, and reports each verdict as it comes. A checker that throws is red. */
export async function runChecks(
  checkers: readonly Checker[],
  options: { readonly root: string; readonly atOnce: number; readonly report: (verdict: CheckVerdict) => void },
): Promise<CheckVerdict[]> {
  const waiting = [...checkers];
  const verdicts: CheckVerdict[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await runOne(next, options.root);
      verdicts.push(verdict);
      options.report(verdict);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return verdicts;
}

async function runOne(checker: Checker, root: string): Promise<CheckVerdict> {
  const start = performance.now();
  const finish = (saw: string, faults: readonly string[], notes: readonly string[]): CheckVerdict => ({
    name: checker.name,
    passed: faults.length === 0,
    seconds: (performance.now() - start) / 1000,
    saw,
    faults,
    notes,
  });
  try {
    const outcome = await checker.run(root);
    return finish(`${outcome.checked} ${outcome.unit}`, faultsOf(outcome), outcome.notes ?? []);
  } catch (error) {
    return finish('crashed', [error instanceof Error ? (error.stack ?? error.message) : String(error)], []);
  }
}
