/** The middle value; of an even number of values the upper one of the two. NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` (0 to 1) of all values lies, by the nearest rank. NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Median and outermost values, as a result shows them. */
export interface Summary {
  readonly ratio: number;
  readonly spread: readonly [low: number, high: number];
}

export function summarise(ratios: readonly number[]): Summary {
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}
