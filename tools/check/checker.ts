/** What one checker saw in one tree. `checked` counts what it looked at (files, modules, links): zero is red, because a checker that saw nothing proves nothing. */
export interface CheckOutcome {
  readonly findings: readonly string[];
  readonly checked: number;
  /** What `checked` counts, in the plural: `files`, `modules`. */
  readonly unit: string;
  /** Figures worth knowing that are no faults, shown when the checker runs alone. */
  readonly notes?: readonly string[];
}

/** One rule of the house that a machine can hold. `run` gets the root of the tree to look at, so that its canary can hand it a planted fault. */
export interface Checker {
  readonly name: string;
  readonly run: (root: string) => Promise<CheckOutcome>;
}

/** Red reasons of an outcome; empty when it is green. */
export function faultsOf(outcome: CheckOutcome): readonly string[] {
  if (outcome.findings.length > 0) return outcome.findings;
  return outcome.checked > 0 ? [] : [`it saw no ${outcome.unit}: nothing was checked`];
}
