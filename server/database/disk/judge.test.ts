import { describe, expect, it } from 'vitest';
import type { DiskReading, SlotReading } from '../dialect/disk-reading.ts';
import type { AssignedRole } from '../settings/settings.ts';
import { diskEvents } from './changes.ts';
import { type DiskWarning, judgeDisks } from './judge.ts';
import { type MemberDisk, newMemberDisk, withReading } from './member-disk.ts';

const gigabyte = 1024 ** 3;
const rules = { now: 1_000_000, slotLimitBytes: gigabyte };

const space = (usedBytes: number, total = 100) => ({ usedBytes, freeBytes: total - usedBytes, source: 'df' });
const unknown = { unknown: 'Run the script.' };

function disk(name: string, role: AssignedRole, reading: Partial<DiskReading> = {}): MemberDisk {
  const nothing = { databaseBytes: 7, logBytes: null, logFolder: '.', space: unknown, logSpace: null, slots: [] };
  return withReading(newMemberDisk(name, role), { ...nothing, ...reading }, 0);
}

const slot = (changes: Partial<SlotReading>): SlotReading => ({
  name: 'pg_b',
  active: true,
  state: 'kept',
  heldBytes: 0,
  ...changes,
});

const severities = (warnings: readonly DiskWarning[]): string[] =>
  warnings.map(({ kind, severity, source, about }) => [kind, severity, source, about].filter(Boolean).join(' '));

/** Judges one master again and again, each time with what stood before. */
function severitiesOver(readings: readonly Partial<DiskReading>[]): string[] {
  let standing: DiskWarning[] = [];
  return readings.map((reading) => {
    standing = judgeDisks([disk('a', 'master', reading)], standing, rules);
    return standing.map(({ severity }) => severity).join();
  });
}

describe('how full a disk is', () => {
  it('warns from 80 %, is an error from 90 %, and goes back two points lower', () => {
    const used = [79, 80, 79, 78, 77, 79, 89, 90, 89, 88, 87, 79, 77];
    expect(severitiesOver(used.map((percent) => ({ space: space(percent) })))).toEqual([
      ...['', 'warning', 'warning', 'warning', '', '', 'warning', 'error', 'error', 'error', 'warning', 'warning', ''],
    ]);
  });

  it('is judged for the disk of the log by itself', () => {
    const [warning] = judgeDisks([disk('a', 'master', { space: space(10), logSpace: space(95) })], [], rules);
    expect(warning).toMatchObject({ kind: 'disk_low', severity: 'error', about: 'log' });
    expect(warning?.text).toContain('The disk of the log of a is 95 % full, 5 B of 100 B free.');
  });

  it('is not judged while it is unknown, and an empty file system is no division by zero', () => {
    expect(judgeDisks([disk('a', 'master')], [], rules)).toEqual([]);
    expect(judgeDisks([disk('a', 'master', { space: space(0, 0) })], [], rules)).toEqual([]);
  });
});

describe('a refusal for want of room', () => {
  it('is an error at once and for ten minutes, whatever the sizes say', () => {
    const full = (refusedAt: number) => [
      { ...disk('a', 'master', { space: space(10) }), refusedAt, refusal: 'could not extend file' },
    ];
    const [warning] = judgeDisks(full(rules.now), [], rules);
    expect(warning).toMatchObject({ kind: 'disk_full', severity: 'error', source: 'a' });
    expect(warning?.text).toContain('could not extend file');
    expect(judgeDisks(full(rules.now - 599_999), [], rules)).toHaveLength(1);
    expect(judgeDisks(full(rules.now - 600_000), [], rules)).toEqual([]);
  });
});

describe('a replication slot', () => {
  const withSlots = (...slots: SlotReading[]) => [disk('a', 'master', { slots })];

  it('is warned of above its limit, and fine again below four fifths of it', () => {
    const held = [1, 1.01, 1, 0.81, 0.8, 1];
    const readings = held.map((share) => ({ slots: [slot({ heldBytes: share * gigabyte })] }));
    expect(severitiesOver(readings)).toEqual(['', 'warning', 'warning', 'warning', '', '']);
  });

  it('is warned of when it keeps more than planned, and an error when log is or will be lost', () => {
    const states = ['kept', 'extended', 'endangered', 'lost'] as const;
    const found = judgeDisks(withSlots(...states.map((state) => slot({ name: state, state }))), [], rules);
    expect(severities(found)).toEqual([
      'slot_holds_back warning a extended',
      'slot_holds_back error a endangered',
      'slot_holds_back error a lost',
    ]);
  });

  it('says whether anybody receives from it, and how much it holds', () => {
    const [idle] = judgeDisks(withSlots(slot({ active: false, heldBytes: 3 * gigabyte })), [], rules);
    expect(idle?.text).toContain(
      'On a, the replication slot pg_b holds back 3.0 GB of log, and nobody receives from it.',
    );
    expect(judgeDisks(withSlots(slot({ heldBytes: null })), [], rules)).toEqual([]);
  });
});

describe('room to move to', () => {
  const sized = (name: string, role: AssignedRole, total: number) => disk(name, role, { space: space(10, total) });
  const judge = (...members: MemberDisk[]) => judgeDisks(members, [], rules);

  it('is missed when no replica has three times the disk of the master', () => {
    const [warning] = judge(sized('a', 'master', 100), sized('b', 'replica', 280), sized('c', 'search-replica', 20));
    expect(warning).toMatchObject({ kind: 'no_roomy_replica', severity: 'warning', source: 'a' });
    expect(warning?.text).toContain('(100 B; the largest has 280 B)');
    expect(judge(sized('a', 'master', 100), sized('b', 'replica', 20), sized('c', 'search-replica', 300))).toEqual([]);
  });

  it('does not flicker when a size moves a little', () => {
    const at = (total: number, standing: DiskWarning[]) =>
      judgeDisks([sized('a', 'master', 100), sized('b', 'replica', total)], standing, rules);
    expect(at(296, [])).toEqual([]);
    const standing = at(290, []);
    expect(severities(standing)).toEqual(['no_roomy_replica warning a']);
    expect(at(299, standing)).toHaveLength(1);
    expect(at(300, standing)).toEqual([]);
  });

  it('is judged only where there are replicas and all sizes are known', () => {
    expect(judge(sized('a', 'master', 100))).toEqual([]);
    expect(judge(sized('a', 'master', 100), sized('b', 'replica', 100), disk('c', 'replica'))).toEqual([]);
    expect(judge(disk('a', 'master'), sized('b', 'replica', 100))).toEqual([]);
  });
});

describe('what is told', () => {
  const at = (percent: number, standing: readonly DiskWarning[] = []) =>
    judgeDisks([disk('a', 'master', { space: space(percent) })], standing, rules);
  const told = (before: DiskWarning[], after: DiskWarning[], present = ['a']) =>
    diskEvents(before, after, new Set(present)).map(({ kind, severity }) => `${kind} ${severity}`);

  it('is a new warning, one that is worse or better, and its end; nothing in between', () => {
    const [low, high, higher] = [at(81), at(91), at(93)];
    expect(told([], low)).toEqual(['disk_low warning']);
    expect(told(low, high)).toEqual(['disk_low error']);
    expect(told(high, higher)).toEqual([]);
    expect(told(high, low)).toEqual(['disk_low warning']);
    expect(told(low, [])).toEqual(['disk_recovered info']);
  });

  it('is nothing of a member that has left', () => {
    expect(told(at(81), [], ['b'])).toEqual([]);
  });
});
