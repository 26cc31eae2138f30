import type { BenchResult } from '../result.ts';

/** How long a benchmark may take: the whole run of all of them has to stay within minutes. */
export interface BenchContext {
  /** Counted rounds per comparison. */
  readonly rounds: number;
  /** Milliseconds that one round of one arm measures. */
  readonly roundMs: number;
  /** How many rows a benchmark makes that is about many of them; undefined = as many as it thinks right. */
  readonly size?: number;
  readonly log: (line: string) => void;
}

/** One entry of `npm run bench`. It may give several results, and none when a part that it needs is missing (it logs which). */
export interface Benchmark {
  readonly name: string;
  /** It measures the built server, which must be up to date then. */
  readonly needsServer: boolean;
  readonly run: (context: BenchContext) => Promise<BenchResult[]>;
}
