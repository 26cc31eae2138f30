import { beforeEach, describe, expect, it } from 'vitest';
import type { DiskReading } from '../dialect/disk-reading.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import type { LayerEvent } from '../events.ts';
import { Live } from '../lifecycle/live.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { ScriptedConnector } from '../testing/scripted-connector.ts';
import { DiskWatcher } from './disk-watcher.ts';

const minute = 60_000;
const space = (usedBytes: number) => ({ usedBytes, freeBytes: 100 - usedBytes, source: 'df' });
const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });

let clock: ManualClock;
let live: Live;
let events: string[];
let reading: DiskReading;
/** Answers a check; a test may hold it back. */
let answer: () => Promise<DiskReading>;
let connectors: Map<string, ScriptedConnector>;
let watcher: DiskWatcher;

beforeEach(() => {
  clock = new ManualClock();
  live = new Live(snapshotOf([member('a', 'master'), member('b', 'replica')]), clock, {
    reached: postgresDialect.reached,
  });
  events = [];
  live.events.subscribe(({ kind, source }: LayerEvent) => events.push(`${kind} ${source}`));
  reading = { databaseBytes: 7, logBytes: null, logFolder: '.', space: space(50), logSpace: null, slots: [] };
  answer = () => Promise.resolve(reading);
  connectors = new Map(['a', 'b', 'c'].map((host) => [host, new ScriptedConnector()]));
  const dialect = {
    ...postgresDialect,
    connector: ({ hosts: [{ host }] }: { hosts: readonly [{ host: string }, ...unknown[]] }) => connectorOf(host),
    readDisk: () => answer(),
  };
  watcher = new DiskWatcher({ live, dialect, clock });
  watcher.start();
});

function connectorOf(host: string): ScriptedConnector {
  const connector = connectors.get(host);
  if (connector === undefined) throw new Error(`The test names no server ${host}.`);
  return connector;
}

const statusOf = (host: string, role: 'master' | 'replica' = 'replica') =>
  watcher.status({ name: `${host}:5432/chat`, role });
const openedBy = (host: string): number => connectorOf(host).opened.length;
const areClosed = (): boolean => [...connectors.values()].every(({ opened }) => opened.every(({ usable }) => !usable));

describe('DiskWatcher', () => {
  it('asks each member at once and then once a minute, on a fresh connection that it closes', async () => {
    expect(statusOf('a', 'master')).toMatchObject({ checked_at: null, unknown: 'Not asked yet.' });
    await clock.advance(0);
    expect([openedBy('a'), openedBy('b')]).toEqual([1, 1]);
    expect(statusOf('b')).toMatchObject({ checked_at: clock.now(), space: { total_bytes: 100, free_bytes: 50 } });
    await clock.advance(minute - 1);
    expect(openedBy('a')).toBe(1);
    await clock.advance(1);
    expect([openedBy('a'), openedBy('b')]).toEqual([2, 2]);
    expect(areClosed()).toBe(true);
  });

  it('keeps what it knows when a check fails, and says why it failed', async () => {
    await clock.advance(0);
    connectorOf('b').refuse = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await clock.advance(minute);
    expect(statusOf('b')).toMatchObject({ failure: 'connect ECONNREFUSED', space: { free_bytes: 50 } });
    connectorOf('b').refuse = undefined;
    await clock.advance(minute);
    expect(statusOf('b')).toMatchObject({ failure: null, checked_at: clock.now() });
  });

  it('tells of a full disk at once and only once, and looks at it at once', async () => {
    await clock.advance(0);
    events.length = 0;
    const failure = postgresDialect.classify(full, true);
    for (let turn = 0; turn < 3; turn++) watcher.noteFailure('a:5432/chat', failure);
    expect(events).toEqual(['disk_full a:5432/chat']);
    await clock.advance(0);
    expect(openedBy('a')).toBe(2);
    await clock.advance(9 * minute);
    watcher.noteFailure('a:5432/chat', failure);
    await clock.advance(9 * minute);
    expect(statusOf('a', 'master').warnings).toContainEqual(expect.objectContaining({ kind: 'disk_full' }));
    await clock.advance(2 * minute);
    expect(events).toEqual(['disk_full a:5432/chat', 'disk_recovered a:5432/chat']);
  });

  it('takes the refusal of its own connection for what it is', async () => {
    await clock.advance(0);
    connectorOf('b').refuse = full;
    await clock.advance(minute);
    expect(events).toContain('disk_full b:5432/chat');
    watcher.noteFailure('a:5432/chat', postgresDialect.classify(new Error('timeout expired'), true));
    expect(events).not.toContain('disk_full a:5432/chat');
  });

  it('follows a recycle: who comes is asked, who leaves is forgotten without a word, roles change', async () => {
    reading = { ...reading, space: space(95) };
    await clock.advance(0);
    expect(events).toContain('disk_low a:5432/chat');
    events.length = 0;
    const next = snapshotOf([member('b', 'master'), member('c', 'replica')]);
    live.publish({ ...next, topology: { ...next.topology, generation: 2 } });
    await clock.advance(0);
    expect(openedBy('c')).toBe(1);
    expect(events.filter((event) => event.includes(' a:'))).toEqual([]);
    expect(statusOf('c').times_master).toBe(1);
    await clock.advance(minute);
    expect(openedBy('a')).toBe(1);
  });

  it('leaves no connection and no timer when it is stopped in the midst of a check', async () => {
    let finish: (value: DiskReading) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    await clock.advance(0);
    expect(areClosed()).toBe(false);
    watcher.stop();
    expect(areClosed()).toBe(true);
    finish({ ...reading, space: space(99) });
    await settle();
    await clock.advance(2 * minute);
    expect([openedBy('a'), openedBy('b')]).toEqual([1, 1]);
    expect(events).toEqual([]);
  });
});
