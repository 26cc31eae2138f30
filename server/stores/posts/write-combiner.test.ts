import { describe, expect, it } from 'vitest';
import { type ItemOutcome, WriteCombiner, type WriteCombinerOptions } from './write-combiner.ts';

interface Flush {
  readonly batch: readonly string[];
  readonly answer: (outcomes?: readonly ItemOutcome<string>[]) => void;
  readonly fail: (error: Error) => void;
}

/** A combiner over a flush that the test answers by hand. An item `channel:text` has the key `channel`. */
function setUp(options: Partial<WriteCombinerOptions<string, string>> = {}) {
  const flushes: Flush[] = [];
  const combiner = new WriteCombiner<string, string>({
    flush: (batch) =>
      new Promise((resolve, reject) => {
        flushes.push({
          batch,
          answer: (outcomes) => resolve(outcomes ?? batch.map((item) => ({ result: `${item}!` }))),
          fail: reject,
        });
      }),
    keyOf: (item) => item.split(':')[0] ?? '',
    isolates: (error) => (error as Error).message === 'bad row',
    full: () => new Error('full'),
    ...options,
  });
  return { combiner, flushes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Waits until `count` flushes have begun. */
async function begun(flushes: readonly Flush[], count: number): Promise<void> {
  for (let i = 0; i < 100 && flushes.length < count; i++) await turn();
  expect(flushes).toHaveLength(count);
}

describe('WriteCombiner', () => {
  it('writes what waits at the same moment in one flush and gives each caller its own result', async () => {
    const { combiner, flushes } = setUp();
    const results = Promise.all([combiner.submit('a:1'), combiner.submit('b:1'), combiner.submit('a:2')]);
    await begun(flushes, 1);
    expect(flushes[0]?.batch).toEqual(['a:1', 'b:1', 'a:2']);
    flushes[0]?.answer();
    expect(await results).toEqual(['a:1!', 'b:1!', 'a:2!']);
  });

  it('gathers the next batch while a flush of the same key is under way', async () => {
    const { combiner, flushes } = setUp();
    void combiner.submit('a:1');
    await begun(flushes, 1);
    const later = Promise.all([combiner.submit('a:2'), combiner.submit('a:3')]);
    await turn();
    expect(flushes).toHaveLength(1);
    flushes[0]?.answer();
    await begun(flushes, 2);
    expect(flushes[1]?.batch).toEqual(['a:2', 'a:3']);
    flushes[1]?.answer();
    await later;
  });

  it('lets another key pass a busy one, up to the number of flushes', async () => {
    const { combiner, flushes } = setUp();
    void combiner.submit('a:1');
    await begun(flushes, 1);
    void combiner.submit('a:2');
    void combiner.submit('b:1');
    await begun(flushes, 2);
    expect(flushes[1]?.batch).toEqual(['b:1']);
    void combiner.submit('c:1');
    await turn();
    expect(flushes).toHaveLength(2);
    flushes[0]?.answer();
    await begun(flushes, 3);
    expect(flushes[2]?.batch).toEqual(['a:2', 'c:1']);
  });

  it('holds the limit of a batch and keeps the order', async () => {
    const { combiner, flushes } = setUp({ maxBatch: 2 });
    for (const item of ['a:1', 'a:2', 'a:3']) void combiner.submit(item);
    await begun(flushes, 1);
    expect(flushes[0]?.batch).toEqual(['a:1', 'a:2']);
    flushes[0]?.answer();
    await begun(flushes, 2);
    expect(flushes[1]?.batch).toEqual(['a:3']);
  });

  it('refuses an item when too many wait', async () => {
    const { combiner, flushes } = setUp({ maxWaiting: 1 });
    const first = combiner.submit('a:1');
    await expect(combiner.submit('a:2')).rejects.toThrow('full');
    await begun(flushes, 1);
    flushes[0]?.answer();
    expect(await first).toBe('a:1!');
  });

  it('replays a batch one by one when one of its rows may be at fault', async () => {
    const { combiner, flushes } = setUp();
    const results = Promise.allSettled([combiner.submit('a:1'), combiner.submit('a:2'), combiner.submit('a:3')]);
    await begun(flushes, 1);
    flushes[0]?.fail(new Error('bad row'));
    await begun(flushes, 2);
    flushes[1]?.answer();
    await begun(flushes, 3);
    flushes[2]?.fail(new Error('bad row'));
    await begun(flushes, 4);
    flushes[3]?.answer();
    expect(flushes.slice(1).map((flush) => flush.batch)).toEqual([['a:1'], ['a:2'], ['a:3']]);
    expect((await results).map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails the whole batch at once when the database is at fault', async () => {
    const { combiner, flushes } = setUp();
    const results = Promise.allSettled([combiner.submit('a:1'), combiner.submit('a:2')]);
    await begun(flushes, 1);
    flushes[0]?.fail(new Error('database gone'));
    expect((await results).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(flushes).toHaveLength(1);
  });

  it('fails those who wait, too, when the failure is theirs as well', async () => {
    const { combiner, flushes } = setUp({ concernsAll: (error) => (error as Error).message === 'read-only' });
    const results = Promise.allSettled([combiner.submit('a:1')]);
    await begun(flushes, 1);
    const waiting = Promise.allSettled([combiner.submit('a:2'), combiner.submit('a:3')]);
    flushes[0]?.fail(new Error('read-only'));
    expect((await results).map((result) => result.status)).toEqual(['rejected']);
    expect((await waiting).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(flushes).toHaveLength(1);
    const next = combiner.submit('a:4');
    await begun(flushes, 2);
    flushes[1]?.answer();
    expect(await next).toBe('a:4!');
  });

  it('gives an item its own error and its neighbours their results', async () => {
    const { combiner, flushes } = setUp();
    const results = Promise.allSettled([combiner.submit('a:1'), combiner.submit('a:2')]);
    await begun(flushes, 1);
    flushes[0]?.answer([{ error: new Error('archived') }, { result: 'saved' }]);
    expect(await results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'saved' }]);
  });

  it('goes on after a failed flush', async () => {
    const { combiner, flushes } = setUp();
    const failed = combiner.submit('a:1');
    await begun(flushes, 1);
    flushes[0]?.fail(new Error('database gone'));
    await expect(failed).rejects.toThrow('database gone');
    const next = combiner.submit('a:2');
    await begun(flushes, 2);
    flushes[1]?.answer();
    expect(await next).toBe('a:2!');
  });
});
