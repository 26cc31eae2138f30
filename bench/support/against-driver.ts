import type * as Database from '../../server/database/index.ts';
import type { BenchResult } from '../result.ts';
import type { BenchContext } from './context.ts';
import { compare, rateOf } from './rounds.ts';
import { summarise } from './statistics.ts';

/** How many statements are under way at once, on as many connections. */
export const CONNECTIONS = 8;

export type Layer = typeof Database;

/** What is built is measured: in the sources, tsx names each closure as it is made, which costs more than many of them do. */
export async function builtLayer(): Promise<Layer> {
  const path: string = new URL('../../dist/server/database/index.js', import.meta.url).href;
  return (await import(path)) as Layer;
}

export function openLayer(
  built: Layer,
  driver: 'postgres' | 'mysql',
  dataSource: string,
): Promise<Database.DatabaseLayer> {
  const parsed = built.parseSqlSettings({ DriverName: driver, DataSource: dataSource, MaxOpenConns: CONNECTIONS });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return built.openDatabase(parsed.settings);
}

/** Our time as a multiple of the bare driver's. */
export async function timesOf(
  name: string,
  arms: { readonly ours: () => Promise<unknown>; readonly bare: () => Promise<unknown>; readonly driver: string },
  { rounds, roundMs }: BenchContext,
): Promise<BenchResult> {
  const { ourRates, theirRates } = await compare(
    () => rateOf(arms.ours, CONNECTIONS, roundMs),
    () => rateOf(arms.bare, CONNECTIONS, roundMs),
    rounds,
  );
  const times = ourRates.map((rate, index) => (theirRates[index] ?? Number.NaN) / rate);
  const { ratio } = summarise(ourRates);
  const theirs = Math.round(summarise(theirRates).ratio);
  return {
    name,
    ...summarise(times),
    goal: '<= 1.10',
    unit: `time : bare ${arms.driver}`,
    detail: `${Math.round(ratio)}/s with ${CONNECTIONS} at once, bare ${arms.driver} ${theirs}/s`,
  };
}
