import { expect, it } from 'vitest';
import { bind, type DatabaseLayer, openDatabase, statement } from '../index.ts';
import { FakeServer, fakeDialect } from '../testing/fake-servers.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { testSettings } from '../testing/test-settings.ts';

const add = statement('stalled.add', 'INSERT INTO t (id) VALUES ($1) ON CONFLICT DO NOTHING');
const get = statement('stalled.get', 'SELECT id FROM t WHERE id = $1');

interface World {
  readonly clock: ManualClock;
  readonly server: FakeServer;
  readonly layer: DatabaseLayer;
  readonly mode: () => string;
  /** Begins a write; what became of it. */
  write(id: string): { outcome: string };
}

async function start(): Promise<World> {
  const clock = new ManualClock();
  const server = new FakeServer('a');
  const settings = testSettings('postgres://chat:secret@a:5432/chat', { WriteHoldLimitMilliseconds: 5_000 });
  const opening = openDatabase(settings, { clock, dialect: fakeDialect([server], clock), random: () => 0.5 });
  await clock.advance(100);
  const layer = await opening;
  const write = (id: string): { outcome: string } => {
    const told = { outcome: 'waits' };
    layer.database.write(layer.causalities.of(id), bind(add, id), { onUnknown: 'repeatable' }).then(
      () => (told.outcome = 'done'),
      (error: { kind: string }) => (told.outcome = error.kind),
    );
    return told;
  };
  return { clock, server, layer, write, mode: () => layer.control.mode().mode };
}

it('a master that answers and finishes no write is in doubt; writes are held, refused, and go on when one is through', async () => {
  const { clock, server, layer, write, mode } = await start();
  const connections = server.connections.size;
  server.hangWrites(true);
  await clock.advance(10_000);
  // Nobody writes: nobody is told of anything.
  expect(mode()).toBe('normal');

  const first = write('first');
  await clock.advance(6_000);
  expect(mode()).toBe('switching');
  expect(layer.control.mode().reason).toContain('It answers, but its writes do not end. They hang.');
  const second = write('second');
  const read = layer.database.readLatest(get, 'none');
  await clock.advance(10);
  expect(await read).toEqual([]);

  await clock.advance(6_000);
  expect([mode(), second.outcome]).toEqual(['read-only', 'held']);
  expect(['held', 'unreachable']).toContain(first.outcome);
  const third = write('third');
  await clock.advance(10);
  expect(third.outcome).toBe('held');
  await clock.advance(60_000);
  // One trial waits, and no more are sent meanwhile.
  expect(server.connections.size).toBeLessThanOrEqual(connections + 2);

  server.hangWrites(false);
  await clock.advance(1_000);
  expect(mode()).toBe('normal');
  const fourth = write('fourth');
  await clock.advance(100);
  expect(fourth.outcome).toBe('done');
  await Promise.all([layer.close(1_000), clock.advance(2_000)]);
});

it('a write that takes its time while others would end is no stall', async () => {
  const { clock, server, layer, write, mode } = await start();
  const modes = new Set<string>();
  layer.control.subscribe(() => modes.add(mode()));
  // As a lock on a row: only the first one waits.
  let isFirst = true;
  server.canWrite = () => {
    if (!isFirst) return Promise.resolve();
    isFirst = false;
    return new Promise((resolve) => void clock.after(8_000, resolve));
  };
  const slow = write('slow');
  await clock.advance(7_900);
  expect([...modes, mode(), slow.outcome]).toEqual(['normal', 'waits']);
  await clock.advance(1_000);
  expect(slow.outcome).toBe('done');
  await Promise.all([layer.close(1_000), clock.advance(2_000)]);
});
