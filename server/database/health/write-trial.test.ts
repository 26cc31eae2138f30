import { describe, expect, it } from 'vitest';
import { parseDataSource } from '../data-source/index.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ScriptedConnector } from '../testing/scripted-connector.ts';
import { WriteTrial } from './write-trial.ts';

interface World {
  readonly clock: ManualClock;
  readonly trial: WriteTrial;
  readonly connector: ScriptedConnector;
  /** Ends the write that is under way. */
  end(error?: Error): void;
}

function start(): World {
  const { source } = parseDataSource('postgres://chat:secret@a/chat', 'postgres') as {
    source: Parameters<Dialect['connector']>[0];
  };
  const clock = new ManualClock();
  const connector = new ScriptedConnector();
  const ends: ((error?: Error) => void)[] = [];
  const dialect: Dialect = {
    ...postgresDialect,
    connector: () => connector,
    proveWritable: () =>
      new Promise((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error)))),
  };
  return {
    clock,
    connector,
    trial: new WriteTrial({ source, dialect, clock, timeoutMs: 800 }),
    end: (error) => ends.shift()?.(error),
  };
}

const settled = async ({ clock }: World): Promise<void> => clock.advance(0);

describe('WriteTrial', () => {
  it('passes when the write ends in time', async () => {
    const world = start();
    const passes = world.trial.passes();
    await world.clock.advance(1_900);
    world.end();
    expect(await passes).toBe(true);
  });

  it('keeps one write waiting and sends no other meanwhile; the next one tells that it is over', async () => {
    const world = start();
    const passes = world.trial.passes();
    await world.clock.advance(2_000);
    expect(await passes).toBe(false);
    expect(await world.trial.passes()).toBe(false);
    expect(world.connector.opened).toHaveLength(1);
    world.end();
    await settled(world);
    const again = world.trial.passes();
    await settled(world);
    world.end();
    expect(await again).toBe(true);
    expect(world.connector.opened).toHaveLength(2);
  });

  it.each([
    ['a refusal, which comes at once', { code: '53100', severity: 'ERROR' }, true],
    ['a lock that another trial holds', { code: '55P03', severity: 'ERROR' }, false],
    ['a connection that breaks', { code: 'ECONNRESET' }, false],
  ])('judges %s', async (_, error, passed) => {
    const world = start();
    const passes = world.trial.passes();
    await settled(world);
    world.end(Object.assign(new Error('It failed.'), error));
    expect(await passes).toBe(passed);
  });

  it('leaves no connection open when it is given up while connecting', async () => {
    const world = start();
    const passes = world.trial.passes();
    world.trial.close();
    await settled(world);
    world.end();
    await passes;
    expect(world.connector.opened.map(({ usable }) => usable)).toEqual([false]);
  });
});
