import { beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEntry } from './entry.ts';
import { type LedgerStorage, type SentEntry, SentLedger } from './sent-ledger.ts';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

class MemoryStorage implements LedgerStorage {
  readonly kept = new Map<string, SentEntry>();
  broken = false;
  async all() {
    if (this.broken) throw new Error('storage is closed');
    return [...this.kept.values()];
  }
  async put(entry: SentEntry) {
    if (this.broken) throw new Error('storage is full');
    this.kept.set(entry.id, entry);
  }
  async remove(id: string) {
    this.kept.delete(id);
  }
}

const entry = (id: string, order = 1): OutboxEntry => ({
  id,
  userId: 'ann',
  channelId: 'town',
  rootId: '',
  message: `text of ${id}`,
  createdAt: 0,
  order,
  state: 'waiting',
  reason: '',
  edited: false,
  postId: '',
});

let now = 0;
let timers: { at: number; run: () => void }[] = [];
let storage = new MemoryStorage();
let restored: OutboxEntry[] = [];
let asked: number[] = [];
let server: (ids: readonly string[]) => readonly string[] = (ids) => ids;
let ledger: SentLedger;

beforeEach(() => {
  now = 1_000_000;
  timers = [];
  storage = new MemoryStorage();
  restored = [];
  asked = [];
  server = (ids) => ids;
  ledger = new SentLedger({
    userId: 'ann',
    storage,
    stored: async (ids) => {
      asked.push(ids.length);
      return server(ids);
    },
    clock: {
      now: () => now,
      after: (milliseconds, run) => {
        const timer = { at: now + milliseconds, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    restore: (each) => restored.push(each),
  });
});

async function pass(milliseconds: number): Promise<void> {
  now += milliseconds;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { run } of due) run();
  await settled();
}
const down = (status: number) => () => {
  throw Object.assign(new Error('no'), { status });
};
const ids = () => restored.map(({ id }) => id);

describe('the sent ledger', () => {
  it('gives back what the master does not have, in the order of writing, once', async () => {
    ledger.note(entry('c', 3));
    ledger.note(entry('a', 1));
    ledger.note(entry('b', 2));
    server = () => ['b'];
    ledger.check();
    await settled();
    expect(ids()).toEqual(['a', 'c']);
    expect([...storage.kept.keys()]).toEqual(['b']);
    await pass(10_000);
    expect(ids()).toEqual(['a', 'c']);
  });

  it('looks once more, for answers that were noted late', async () => {
    ledger.check();
    await settled();
    ledger.note(entry('late'));
    server = () => [];
    await pass(10_000);
    expect(ids()).toEqual(['late']);
    expect(timers).toEqual([]);
  });

  it('asks until the master answers', async () => {
    ledger.note(entry('a'));
    server = down(503);
    ledger.check();
    await settled();
    await pass(500);
    server = () => [];
    await pass(999);
    expect(asked).toHaveLength(2);
    await pass(1);
    expect(ids()).toEqual(['a']);
  });

  it('gives up when the server says no for good, and when it is closed', async () => {
    ledger.note(entry('a'));
    server = down(400);
    ledger.check();
    await settled();
    expect(timers).toEqual([]);
    server = down(503);
    ledger.check();
    await settled();
    ledger.close();
    expect(timers).toEqual([]);
  });

  it('forgets after 15 minutes, and asks for at most 200 at once', async () => {
    ledger.note(entry('old'));
    now += 15 * 60_000 + 1;
    for (let n = 0; n < 201; n++) ledger.note(entry(`n${n}`, n));
    ledger.check();
    await settled();
    expect(asked).toEqual([200, 1]);
    expect(storage.kept.has('old')).toBe(false);
  });

  it('sends the text as it was last, and nothing that was deleted', async () => {
    ledger.note(entry('changed'));
    ledger.note(entry('deleted'));
    await ledger.amend('changed', 'better');
    ledger.forget('deleted');
    server = () => [];
    ledger.check();
    await settled();
    expect(restored.map(({ message }) => message)).toEqual(['better']);
  });

  it('without storage has nothing to give back, and breaks nothing', async () => {
    storage.broken = true;
    ledger.note(entry('a'));
    await ledger.amend('a', 'b');
    ledger.check();
    await settled();
    expect([restored, asked]).toEqual([[], []]);
  });
});
