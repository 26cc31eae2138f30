/** One line of `npm run bench`. Only ratios of one run mean anything: the machine below changes. */
export interface BenchResult {
  readonly name: string;
  /** Median over the rounds. */
  readonly ratio: number;
  /** The lowest and the highest round. */
  readonly spread: readonly [low: number, high: number];
  /** What the ratio is of what, e.g. `deliveries/s : bare ws`. */
  readonly unit: string;
  /** `>= 1.0` or `<= 1.0`, about the median. */
  readonly goal: string;
  /** Absolute numbers, for the reader. */
  readonly detail: string;
}
