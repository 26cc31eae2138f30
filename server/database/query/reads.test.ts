import { expect, it } from 'vitest';
import { bind, openDatabase, statement } from '../index.ts';
import { FakeServer, fakeDialect } from '../testing/fake-servers.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { testSettings } from '../testing/test-settings.ts';

const add = statement('reads.add', 'INSERT INTO t (id) VALUES ($1) ON CONFLICT DO NOTHING');
const get = statement('reads.get', 'SELECT id FROM t WHERE id = $1');
const clock = new ManualClock();

/** Moves time on until `work` has ended. */
async function settled<T>(work: Promise<T>): Promise<T> {
  let ended = false;
  const note = (): void => {
    ended = true;
  };
  work.then(note, note);
  while (!ended) await clock.advance(50);
  return work;
}

it('goes back to a replica that was behind at first while the master cannot serve', async () => {
  const a = new FakeServer('a');
  const b = new FakeServer('b', a);
  const settings = testSettings('postgres://chat:secret@a:5432/chat,postgres://chat:secret@b:5432/chat');
  const layer = await settled(openDatabase(settings, { clock, dialect: fakeDialect([a, b], clock), random: () => 0 }));
  const ann = layer.causalities.of('ann');
  await settled(layer.database.write(ann, bind(add, 'x')));

  // No room on its disk: it answers its probes and refuses what people ask.
  const answer = a.answer.bind(a);
  a.answer = (call, values) => {
    if (call.text.startsWith('SELECT id')) throw Object.assign(new Error('no space left'), { code: '53100' });
    return answer(call, values);
  };
  const read = layer.database.read(ann, get, 'x');
  clock.after(200, () => b.replicate());
  expect(await settled(read)).toEqual([{ id: 'x' }]);
  expect(layer.control.status().reads.retried_total).toBe(1);
  await settled(layer.close(1_000));
});

it('is not called tried again when it only waited for a replica to catch up', async () => {
  const a = new FakeServer('a');
  const b = new FakeServer('b', a);
  const settings = testSettings('postgres://chat:secret@a:5432/chat,postgres://chat:secret@b:5432/chat');
  const layer = await settled(openDatabase(settings, { clock, dialect: fakeDialect([a, b], clock), random: () => 0 }));
  const ann = layer.causalities.of('ann');
  await settled(layer.database.write(ann, bind(add, 'y')));
  clock.after(1, () => b.replicate());
  expect(await settled(layer.database.read(ann, get, 'y'))).toEqual([{ id: 'y' }]);
  expect(layer.control.status().reads).toMatchObject({ replica_total: 1, retried_total: 0 });
  await settled(layer.close(1_000));
});

it('ends when the master comes and goes and never answers it', async () => {
  const a = new FakeServer('a');
  const layer = await settled(
    openDatabase(testSettings('postgres://chat:secret@a:5432/chat'), { clock, dialect: fakeDialect([a], clock) }),
  );
  const answer = a.answer.bind(a);
  a.answer = (call, values) => {
    if (!call.text.startsWith('SELECT id')) return answer(call, values);
    throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
  };
  const startedAt = clock.now();
  const read = layer.database.read(layer.causalities.of('ann'), get, 'x');
  await expect(settled(read)).rejects.toMatchObject({ kind: 'unreachable' });
  expect(clock.now() - startedAt).toBeLessThan(10_000);
  await settled(layer.close(1_000));
});

it('sends next to nothing to a replica that hangs, long before a probe finds out', async () => {
  const a = new FakeServer('a');
  const [b, c] = [new FakeServer('b', a), new FakeServer('c', a)];
  const list = ['a', 'b', 'c'].map((host) => `postgres://chat:secret@${host}:5432/chat`).join(',');
  const dialect = fakeDialect([a, b, c], clock);
  const layer = await settled(openDatabase(testSettings(list), { clock, dialect, random: () => 0 }));
  const readSoon = async (count: number): Promise<Promise<unknown>[]> => {
    const reads: Promise<unknown>[] = [];
    for (let n = 0; n < count; n++) {
      reads.push(layer.database.readStale(get, 'x'));
      await clock.advance(2);
    }
    return reads;
  };
  // One slow moment makes the other one look cheap for a while, however many wait there.
  c.set('silent');
  const first = await readSoon(10);
  await clock.advance(100);
  c.set('up');
  await settled(Promise.all(first));

  b.set('silent');
  let waiting = 0;
  for (const read of await readSoon(100)) {
    waiting += 1;
    void read.then(() => (waiting -= 1));
  }
  await clock.advance(5);
  expect(waiting).toBeLessThan(15);
  b.set('up');
  await settled(layer.close(1_000));
});
