import { describe, expect, it } from 'vitest';
import type { Post } from '../../../../contract/index.ts';
import type { OutboxEntry } from './entry.ts';
import { Outbox, type OutboxNotice, type OutboxStorage } from './outbox.ts';

/** A clock that moves only when told. */
class ManualClock {
  time = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];
  now = () => this.time;
  after = (milliseconds: number, run: () => void) => {
    const timer = { at: this.time + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };
  get next(): number | undefined {
    return this.#timers.map((timer) => timer.at - this.time).toSorted((a, b) => a - b)[0];
  }
  async pass(milliseconds: number) {
    this.time += milliseconds;
    const due = this.#timers.filter((timer) => timer.at <= this.time);
    this.#timers = this.#timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.run();
    await settled();
  }
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

class MemoryStorage implements OutboxStorage {
  readonly kept = new Map<string, OutboxEntry>();
  broken = false;
  async all(userId: string) {
    if (this.broken) throw new Error('storage is closed');
    return [...this.kept.values()].filter((entry) => entry.userId === userId);
  }
  async put(entry: OutboxEntry) {
    if (this.broken) throw new Error('storage is full');
    this.kept.set(entry.id, entry);
  }
  async remove(id: string) {
    this.kept.delete(id);
  }
}

/** A server with a unique pending_post_id: requests are answered by hand, whatever has arrived is posted once. */
class ManualServer {
  readonly posts = new Map<string, Post>();
  readonly requests: { what: string; answer: (how: 'ok' | 'lost' | number, message?: string) => Promise<void> }[] = [];
  #count = 0;

  #ask<T>(what: string, arrive: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const answer = async (how: 'ok' | 'lost' | number, message = 'no') => {
        this.requests.splice(this.requests.indexOf(request), 1);
        if (how === 'ok') resolve(arrive());
        else if (how === 'lost') {
          arrive();
          reject(Object.assign(new Error('no answer'), { status: 0 }));
        } else reject(Object.assign(new Error(message), { status: how }));
        await settled();
      };
      const request = { what, answer };
      this.requests.push(request);
    });
  }
  send = (entry: OutboxEntry) =>
    this.#ask(`send ${entry.message}`, () => {
      const known = this.posts.get(entry.id);
      if (known) return known;
      this.#count += 1;
      const post = {
        id: `post${this.#count}`,
        message: entry.message,
        pending_post_id: entry.id,
        channel_id: entry.channelId,
      } as Post;
      this.posts.set(entry.id, post);
      return post;
    });
  amend = (postId: string, message: string) =>
    this.#ask(`amend ${message}`, () => {
      const post = [...this.posts.values()].find((candidate) => candidate.id === postId) as Post;
      post.message = message;
      return { ...post };
    });
  remove = (postId: string) =>
    this.#ask(`remove ${postId}`, () => {
      for (const [key, post] of this.posts) if (post.id === postId) this.posts.delete(key);
    });

  open = () => this.requests.map((request) => request.what);
  async answer(how: 'ok' | 'lost' | number, message?: string) {
    const first = this.requests[0];
    if (!first) throw new Error('no request is open');
    await first.answer(how, message);
  }
  texts = () => [...this.posts.values()].map((post) => post.message);
}

class Device {
  readonly clock = new ManualClock();
  readonly storage = new MemoryStorage();
  readonly server = new ManualServer();
  readonly shown: Post[] = [];
  readonly refusedChanges: string[] = [];
  readonly delivered: OutboxEntry[] = [];
  storageFailures = 0;
  #ids = 0;
  readonly tabs: Outbox[] = [];

  /** Opens a tab; the first one drains. */
  tab(draining = this.tabs.length === 0): Outbox {
    const outbox: Outbox = new Outbox({
      userId: 'ann',
      storage: this.storage,
      transport: this.server,
      clock: this.clock,
      random: () => 0,
      newId: () => String(++this.#ids),
      announce: (notice: OutboxNotice) => {
        for (const other of this.tabs) if (other !== outbox) other.receive(notice);
      },
      onDelivered: (entry) => this.delivered.push(entry),
      onPost: (post) => this.shown.push(post),
      onChangeRefused: (_entry, reason) => this.refusedChanges.push(reason),
      onStorageFailure: () => {
        this.storageFailures += 1;
      },
    });
    this.tabs.push(outbox);
    outbox.setDraining(draining);
    return outbox;
  }
}

const inTown = (message: string) => ({ channelId: 'town', rootId: '', message });
const inOps = (message: string) => ({ channelId: 'ops', rootId: '', message });
const phases = (outbox: Outbox) => outbox.items().map((item) => `${item.entry.message}: ${item.phase}`);

describe('order', () => {
  it('is on the screen at once, and on the device before the wire', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    expect(phases(outbox)).toEqual(['one: sending']);
    expect(device.server.open()).toEqual([]);
    await settled();
    expect([...device.storage.kept.values()].map((entry) => entry.message)).toEqual(['one']);
    expect(device.server.open()).toEqual(['send one']);
  });

  it('sends first in first out within a channel and side by side between channels', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    outbox.add(inTown('two'));
    outbox.add(inOps('other'));
    await settled();
    expect(device.server.open()).toEqual(['send one', 'send other']);
    await device.server.answer('ok');
    expect(device.server.open()).toEqual(['send other', 'send two']);
    await device.server.answer('ok');
    await device.server.answer('ok');
    expect(outbox.items()).toEqual([]);
    expect(device.storage.kept.size).toBe(0);
    expect(device.shown.map((post) => post.message)).toEqual(['one', 'other', 'two']);
  });

  it('keeps the order through failures', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    outbox.add(inTown('two'));
    await settled();
    await device.server.answer(503);
    expect(device.server.open()).toEqual([]);
    expect(phases(outbox)).toEqual(['one: waiting', 'two: waiting']);
    await device.clock.pass(500);
    expect(device.server.open()).toEqual(['send one']);
    await device.server.answer('ok');
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one', 'two']);
  });

  it('gives messages of the same millisecond different places', async () => {
    const outbox = new Device().tab();
    const orders = ['a', 'b', 'c'].map((text) => outbox.add(inTown(text)).order);
    expect(new Set(orders).size).toBe(3);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
  });
});

describe('retries', () => {
  it('repeats the same id until the answer comes, so nothing is doubled', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    await device.server.answer('lost');
    await device.clock.pass(500);
    await device.server.answer('lost');
    await device.clock.pass(1_000);
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one']);
    expect([...device.server.posts.keys()]).toEqual([entry.id]);
    expect(outbox.items()).toEqual([]);
  });

  it('waits 0.5 s, 1 s, 2 s, 4 s, then 5 s', async () => {
    const device = new Device();
    device.tab().add(inTown('one'));
    await settled();
    const waits: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      await device.server.answer(0);
      waits.push(device.clock.next ?? -1);
      await device.clock.pass(device.clock.next ?? 0);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('tries at once when something got better', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    await settled();
    await device.server.answer(503);
    outbox.retryNow();
    expect(device.server.open()).toEqual(['send one']);
    expect(device.clock.next).toBeUndefined();
    outbox.retryNow();
    expect(device.server.open()).toEqual(['send one']);
  });

  it.each([401, 408, 429, 500, 502, 503, 504, 0])('does not take %i for a no', async (status) => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    await settled();
    await device.server.answer(status);
    expect(phases(outbox)).toEqual(['one: waiting']);
  });

  it.each([400, 403, 404, 413])('takes %i for a final no, which holds up nobody', async (status) => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('bad'));
    outbox.add(inTown('good'));
    await settled();
    await device.server.answer(status, 'channel is archived');
    expect(phases(outbox)).toEqual(['bad: refused', 'good: sending']);
    expect(outbox.items()[0]?.entry.reason).toBe('channel is archived');
    expect(outbox.waitingCount()).toBe(1);
    await settled();
    expect(device.server.open()).toEqual(['send good']);
  });

  it('says "waiting" from the first failure on, also while it tries again', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    await settled();
    await device.server.answer(503);
    await device.clock.pass(500);
    expect(device.server.open()).toEqual(['send one']);
    expect(phases(outbox)).toEqual(['one: waiting']);
  });
});

describe('a lost answer', () => {
  it('is settled by the event, and the channel goes on without waiting for the request', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    outbox.add(inTown('two'));
    await settled();
    const hanging = device.server.requests[0];
    outbox.settle({ id: 'p', message: 'one', pending_post_id: entry.id } as Post);
    await settled();
    expect(phases(outbox)).toEqual(['two: sending']);
    expect(device.server.open()).toEqual(['send one', 'send two']);
    await hanging?.answer(0);
    expect(phases(outbox)).toEqual(['two: sending']);
    await device.server.answer('ok');
    expect(outbox.items()).toEqual([]);
  });

  it('ignores posts of others', async () => {
    const outbox = new Device().tab();
    outbox.add(inTown('one'));
    outbox.settle({ id: 'p', message: 'x', pending_post_id: '' } as Post);
    outbox.settle({ id: 'q', message: 'x', pending_post_id: 'bob:1' } as Post);
    expect(outbox.items()).toHaveLength(1);
  });
});

describe('edit and cancel', () => {
  it('sends the new text of a message that has not been tried', async () => {
    const device = new Device();
    const outbox = device.tab(false);
    const entry = outbox.add(inTown('one'));
    await settled();
    outbox.edit(entry.id, 'uno');
    outbox.setDraining(true);
    await settled();
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['uno']);
    expect(outbox.items()).toEqual([]);
  });

  it('amends the post when the first try had arrived with the old text', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    outbox.add(inTown('two'));
    await settled();
    await device.server.answer('lost');
    outbox.edit(entry.id, 'uno');
    await settled();
    await device.server.answer('ok');
    await settled();
    expect(device.server.open()).toEqual(['amend uno']);
    await device.server.answer('ok');
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['uno', 'two']);
    expect(outbox.items()).toEqual([]);
  });

  it('does not amend for ever when the server tidies the text', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    outbox.edit(entry.id, ' uno ');
    await settled();
    await device.server.answer('ok');
    await settled();
    const amend = device.server.amend;
    device.server.amend = (postId, message) => amend(postId, message.trim());
    await device.server.answer('ok');
    await settled();
    expect(outbox.items()).toEqual([]);
    expect(device.server.open()).toEqual([]);
  });

  it('forgets a message that was never sent', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    const second = outbox.add(inTown('two'));
    await settled();
    outbox.cancel(second.id);
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one']);
    expect(device.storage.kept.size).toBe(0);
  });

  it('removes the post of a message that had arrived before it was taken back', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    await device.server.answer('lost');
    outbox.cancel(entry.id);
    await settled();
    expect(outbox.items()).toEqual([]);
    expect(device.server.open()).toEqual([]);
    outbox.settle(device.server.posts.get(entry.id) as Post);
    await settled();
    expect(device.server.open()).toEqual(['remove post1']);
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual([]);
    expect(device.storage.kept.size).toBe(0);
  });

  it('removes the post when it was taken back while on the wire', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    outbox.cancel(entry.id);
    await settled();
    await device.server.answer('ok');
    await settled();
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual([]);
  });

  it('sends a refused message again after an edit, and deletes it on request', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    await device.server.answer(400, 'too long');
    outbox.edit(entry.id, 'on');
    await settled();
    await device.server.answer(400, 'still too long');
    expect(phases(outbox)).toEqual(['on: refused']);
    outbox.cancel(entry.id);
    await settled();
    expect(device.storage.kept.size).toBe(0);
  });

  it('reports a change that the server refuses', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    outbox.edit(entry.id, 'uno');
    await settled();
    await device.server.answer('ok');
    await settled();
    await device.server.answer(403, 'too late');
    expect(device.refusedChanges).toEqual(['too late']);
    expect(outbox.items()).toEqual([]);
  });
});

describe('reload and tabs', () => {
  it('goes on after a reload where it was, in order', async () => {
    const device = new Device();
    const before = device.tab();
    before.add(inTown('one'));
    before.add(inTown('two'));
    await settled();
    await device.server.answer('lost');
    before.close();
    device.tabs.length = 0;
    const after = device.tab();
    await after.load();
    expect(phases(after)).toEqual(['one: waiting', 'two: waiting']);
    await settled();
    await device.server.answer('ok');
    await settled();
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one', 'two']);
    expect(device.storage.kept.size).toBe(0);
  });

  it('sends in one tab what was written in another, and both show the end', async () => {
    const device = new Device();
    const drains = device.tab();
    const mirrors = device.tab();
    mirrors.add(inTown('one'));
    await settled();
    expect(phases(drains)).toEqual(['one: waiting']);
    expect(device.server.open()).toEqual(['send one']);
    await device.server.answer('ok');
    await settled();
    expect(drains.items()).toEqual([]);
    expect(mirrors.items()).toEqual([]);
    expect(device.shown.length).toBeGreaterThanOrEqual(2);
    expect(device.server.texts()).toEqual(['one']);
  });

  it('lets the next tab take over', async () => {
    const device = new Device();
    const first = device.tab();
    const second = device.tab();
    first.add(inTown('one'));
    await settled();
    await device.server.answer(503);
    first.close();
    second.setDraining(true);
    await settled();
    expect(device.server.open()).toEqual(['send one']);
  });

  it('does not believe that a message of another tab was never sent', async () => {
    const device = new Device();
    device.tab();
    const mirrors = device.tab();
    const entry = mirrors.add(inTown('one'));
    await settled();
    mirrors.cancel(entry.id);
    await settled();
    await device.server.answer('ok');
    await settled();
    expect(device.server.open()).toEqual(['remove post1']);
  });

  it('works without storage, and says so', async () => {
    const device = new Device();
    device.storage.broken = true;
    const outbox = device.tab();
    outbox.add(inTown('one'));
    await settled();
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one']);
    expect(device.storageFailures).toBeGreaterThan(0);
  });

  it('forgets after a day what was taken back and never showed up', async () => {
    const device = new Device();
    const outbox = device.tab();
    const entry = outbox.add(inTown('one'));
    await settled();
    await device.server.answer(0);
    outbox.cancel(entry.id);
    await settled();
    expect(device.storage.kept.size).toBe(1);
    await device.clock.pass(86_400_001);
    await outbox.load();
    await settled();
    expect(device.storage.kept.size).toBe(0);
  });
});

describe('under random failures', () => {
  it('posts everything once and in order', async () => {
    let seed = 42;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const device = new Device();
    const outbox = device.tab();
    const written = Array.from({ length: 40 }, (_, number) => `m${number}`);
    for (const text of written) outbox.add(inTown(text));
    await settled();
    for (let turn = 0; turn < 2_000 && outbox.items().length > 0; turn += 1) {
      const dice = random();
      if (device.server.requests.length === 0) await device.clock.pass(5_000);
      else await device.server.answer(dice < 0.3 ? 'ok' : dice < 0.6 ? 'lost' : 503);
      await settled();
    }
    expect(device.server.texts()).toEqual(written);
    expect(device.storage.kept.size).toBe(0);
  });
});

describe('a message that was confirmed and lost', () => {
  it('goes out again with its id, before what was written later, and is marked', async () => {
    const device = new Device();
    const outbox = device.tab();
    outbox.add(inTown('one'));
    await settled();
    await device.server.answer('ok');
    const [lost] = device.delivered;
    expect(lost?.message).toBe('one');
    // The database that had it is gone.
    device.server.posts.clear();
    outbox.add(inTown('two'));
    await settled();
    await device.server.answer(503);
    outbox.restore(lost as OutboxEntry);
    outbox.restore(lost as OutboxEntry);
    await settled();
    expect(outbox.items().map(({ entry }) => [entry.message, entry.again])).toEqual([
      ['one', true],
      ['two', undefined],
    ]);
    outbox.retryNow();
    await device.server.answer('ok');
    await device.server.answer('ok');
    expect(device.server.texts()).toEqual(['one', 'two']);
    expect([...device.server.posts.keys()][0]).toBe(lost?.id);
  });

  it('is not noted as delivered when it was taken back', async () => {
    const device = new Device();
    const outbox = device.tab();
    const { id } = outbox.add(inTown('one'));
    await settled();
    outbox.cancel(id);
    await device.server.answer('ok');
    expect(device.delivered).toEqual([]);
  });
});
