import { beforeEach, describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { WriteGate } from './gate.ts';
import { Live } from './live.ts';
import { type Mode, ModeKeeper } from './mode.ts';

let clock: ManualClock;
let gate: WriteGate;
let live: Live;
let keeper: ModeKeeper;
let seen: { mode: Mode['mode']; gate: string }[];
beforeEach(() => {
  clock = new ManualClock();
  gate = new WriteGate({ clock, holdLimitMs: () => 1_000, holdMaximum: () => 10 });
  live = new Live(snapshotOf([member('a', 'master'), member('b', 'replica')]), clock, {
    reached: postgresDialect.reached,
  });
  keeper = new ModeKeeper({ live, gate, clock, holdLimitMs: () => 1_000 });
  seen = [];
  keeper.changes.subscribe(({ mode }) => seen.push({ mode, gate: gate.counts().state }));
});

const master = (health: 'online' | 'suspect'): void =>
  live.update('a:5432/chat', (before) => ({ ...before, health, cause: health }));

describe('ModeKeeper', () => {
  it('holds writes while the master is in doubt, for however short a time', () => {
    master('suspect');
    master('online');
    expect(seen).toEqual([
      { mode: 'switching', gate: 'closed' },
      { mode: 'normal', gate: 'open' },
    ]);
  });

  it('turns to read-only mode when that takes too long, and back', async () => {
    master('suspect');
    await clock.advance(1_000);
    expect(keeper.mode).toMatchObject({ mode: 'read-only', reason: 'Master a:5432/chat: suspect' });
    await expect(gate.enter()).rejects.toMatchObject({ kind: 'held' });
    master('online');
    expect(seen.map(({ mode }) => mode)).toEqual(['switching', 'read-only', 'normal']);
  });

  it('keeps holding when the master is lost during a recycle that then fails', async () => {
    gate.hold('recycle', 'moving');
    keeper.switching('moving');
    master('suspect');
    gate.release('recycle');
    keeper.switching(undefined);
    expect([keeper.mode.mode, gate.counts().state]).toEqual(['switching', 'closed']);
    await clock.advance(1_000);
    expect(keeper.mode.mode).toBe('read-only');
    master('online');
    expect([keeper.mode.mode, gate.counts().state]).toEqual(['normal', 'open']);
  });

  it('is not normal before the recycle lets go, although the master serves again', () => {
    master('suspect');
    gate.hold('recycle', 'moving');
    keeper.switching('moving');
    master('online');
    expect([keeper.mode.mode, gate.counts().state]).toEqual(['switching', 'closed']);
    gate.release('recycle');
    keeper.switching(undefined);
    expect([keeper.mode.mode, gate.counts().state]).toEqual(['normal', 'open']);
  });

  it('goes on holding writes after a replica was told to become the master, although the master serves again', () => {
    master('suspect');
    keeper.expect('b:5432/chat');
    master('online');
    expect([keeper.mode.mode, gate.counts().state, keeper.verdict.kind]).toEqual(['switching', 'closed', 'none']);
    live.update('b:5432/chat', (before) => ({
      ...before,
      observed: 'master',
      timeline: 2,
      instance: 'b',
      checkedAt: 1,
    }));
    expect(keeper.verdict).toEqual({ kind: 'adopt', name: 'b:5432/chat' });
    const next = snapshotOf([member('b', 'master'), member('a', 'replica')]);
    live.publish({ ...next, topology: { ...next.topology, generation: 2 } });
    expect([keeper.expected, keeper.mode.mode, gate.counts().state]).toEqual([undefined, 'normal', 'open']);
  });

  it('is normal again when the replica certainly did not hear it', () => {
    master('suspect');
    keeper.expect('b:5432/chat');
    master('online');
    keeper.expect(undefined);
    expect([keeper.mode.mode, gate.counts().state]).toEqual(['normal', 'open']);
  });

  it('says beside the reason why nobody was promoted, until the master serves', () => {
    keeper.remark('test', 'too early');
    master('suspect');
    keeper.remark('test', 'Nobody was promoted.');
    expect(keeper.mode.reason).toBe('Master a:5432/chat: suspect Nobody was promoted.');
    master('online');
    master('suspect');
    expect(keeper.mode.reason).toBe('Master a:5432/chat: suspect');
  });
});
