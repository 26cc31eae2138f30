import { type Summary, summarise } from './statistics.ts';

/** One way to do the work; a round gives its rate: more is better. */
export type Arm = () => Promise<number>;

/**
 * Runs two arms in turn, so that whatever else the machine does hits both, and compares round by round.
 * The first round of each warms up and is not counted. The order changes every round.
 *
 * @returns `ours : theirs` per round, and all rates for the reader.
 */
export async function compare(
  ours: Arm,
  theirs: Arm,
  rounds: number,
): Promise<Summary & { readonly ourRates: readonly number[]; readonly theirRates: readonly number[] }> {
  await ours();
  await theirs();
  const ourRates: number[] = [];
  const theirRates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ourRates.push(await ours());
    theirRates.push(await theirs());
    if (round % 2 === 1) ourRates.push(await ours());
  }
  const ratios = ourRates.map((rate, index) => rate / (theirRates[index] ?? Number.NaN));
  return { ...summarise(ratios), ourRates, theirRates };
}

/** Repeats `work` by `workers` workers at once for `milliseconds`; operations per second. */
export async function rateOf(work: () => Promise<unknown>, workers: number, milliseconds: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: workers }, loop));
  return (done / (performance.now() - start)) * 1000;
}
