import { describe, expect, it } from 'vitest';
import type { Dialect } from '../dialect/dialect.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import { parseDataSource } from '../data-source/index.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Prober } from './prober.ts';

/** A dialect of which every connect takes `tookMs` and then gives up. */
function silent(clock: ManualClock, tookMs: number): Dialect {
  const open = async (): Promise<never> => {
    await clock.advance(tookMs);
    throw new Error('timeout expired');
  };
  return { ...postgresDialect, connector: () => ({ open }) };
}

function proberOf(hosts: string, tookMs: number): Prober {
  const parsed = parseDataSource(`postgres://chat:secret@${hosts}/chat`, 'postgres');
  if (!('source' in parsed) || parsed.source === undefined) throw new Error('The test data source does not parse.');
  const clock = new ManualClock();
  return new Prober({ source: parsed.source, dialect: silent(clock, tookMs), clock, timeoutMs: 800 });
}

describe('Prober', () => {
  it('calls a source silent of which every host takes its time', async () => {
    expect(await proberOf('a,b,c,d', 4 * 800).probe()).toMatchObject({ ok: false, timedOut: true });
  });

  it('does not blame a database for the time that our own process was busy', async () => {
    expect(await proberOf('a', 10_000).probe()).toBeUndefined();
  });
});
