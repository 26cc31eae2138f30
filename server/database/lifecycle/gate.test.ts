import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { WriteGate } from './gate.ts';

let clock: ManualClock;
let gate: WriteGate;
beforeEach(() => {
  clock = new ManualClock();
  gate = new WriteGate({ clock, holdLimitMs: () => 1_000, holdMaximum: () => 2 });
});

describe('WriteGate', () => {
  it('lets writes through while it is open', async () => {
    await gate.enter();
    expect(gate.counts()).toMatchObject({ state: 'open', inFlight: 1 });
  });

  it('releases held writes in the order in which they came', async () => {
    const order: number[] = [];
    gate.hold('a', 'moving');
    const writes = [1, 2].map((n) => gate.enter().then(() => order.push(n)));
    await clock.advance(500);
    expect(order).toEqual([]);
    expect(gate.release('a')).toBe(500);
    await Promise.all(writes);
    expect(order).toEqual([1, 2]);
    expect(gate.counts()).toMatchObject({ lastHoldMs: 500, releasedTotal: 2, expiredTotal: 0 });
  });

  it('tells for how long no write has ended', async () => {
    await clock.advance(5_000);
    expect(gate.silenceMs()).toBe(0);
    await gate.enter();
    await clock.advance(300);
    await gate.enter();
    expect(gate.silenceMs()).toBe(300);
    gate.left();
    expect(gate.silenceMs()).toBe(0);
    await clock.advance(200);
    expect(gate.silenceMs()).toBe(200);
    gate.left();
    await clock.advance(200);
    expect(gate.silenceMs()).toBe(0);
  });

  it('opens only when the last reason is gone', async () => {
    gate.hold('recycle', 'moving');
    gate.hold('master-lost', 'lost');
    const write = gate.enter();
    gate.release('recycle');
    expect(gate.counts().state).toBe('closed');
    gate.release('master-lost');
    await write;
    expect(gate.counts().state).toBe('open');
  });

  it('refuses a write that waited to the limit, as not executed and with the reason', async () => {
    gate.hold('a', 'The master moves.');
    const write = gate.enter().catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await write).toMatchObject({ kind: 'held', outcome: 'not-executed' });
    expect(String(await write)).toContain('The master moves.');
  });

  it('refuses more than the allowed number at once', async () => {
    gate.hold('a', 'x');
    void gate.enter();
    void gate.enter();
    await expect(gate.enter()).rejects.toMatchObject({ kind: 'held' });
  });

  it('refuses at once in read-only mode, the waiting ones too, until it opens', async () => {
    gate.hold('a', 'x');
    const waiting = gate.enter().catch((error: unknown) => String(error));
    gate.refuse('The master is gone.');
    expect(await waiting).toContain('The master is gone.');
    await expect(gate.enter()).rejects.toMatchObject({ kind: 'held' });
    gate.release('a');
    await expect(gate.enter()).resolves.toBeUndefined();
  });

  it('is quiet when the writes past it have ended, and says so when they have not', async () => {
    await gate.enter();
    gate.hold('a', 'x');
    const late = gate.quiesce(100);
    await clock.advance(100);
    expect(await late).toBe(false);
    const inTime = gate.quiesce(100);
    gate.left();
    expect(await inTime).toBe(true);
  });

  it('counts a released write as past it before its turn comes', async () => {
    gate.hold('a', 'x');
    const write = gate.enter();
    gate.release('a');
    gate.hold('b', 'y');
    const quiet = gate.quiesce(100);
    await write;
    await clock.advance(100);
    expect(await quiet).toBe(false);
  });

  it('refuses everything once it is closed for good', async () => {
    gate.hold('a', 'x');
    const waiting = gate.enter().catch((error: unknown) => error);
    gate.close();
    expect(await waiting).toMatchObject({ kind: 'closed', outcome: 'not-executed' });
    gate.release('a');
    await expect(gate.enter()).rejects.toMatchObject({ kind: 'closed' });
  });
});
