import { describe, expect, it } from 'vitest';
import type { StoredStatus } from '../../stores/statuses/index.ts';
import { nextStatus, type StatusCause } from './next-status.ts';

const minute = 60_000;
const now = 1_700_000_000_000;
const moment = { now, awayAfterMs: 5 * minute };

const at = (over: Partial<StoredStatus> = {}): StoredStatus => ({
  userId: 'ann',
  status: 'online',
  manual: false,
  lastActivityAt: now - minute,
  dndEndTime: 0,
  previous: '',
  ...over,
});
const active: StatusCause = { kind: 'active' };
const idle: StatusCause = { kind: 'idle', chosen: false };
const gone: StatusCause = { kind: 'gone' };
const chosen = (status: StoredStatus['status'], dndEndTime = 0): StatusCause => ({
  kind: 'chosen',
  status,
  dndEndTime,
});
const rested = { lastActivityAt: now - 6 * minute };

describe('nextStatus', () => {
  it.each<[string, Partial<StoredStatus>, StatusCause, StoredStatus['status'], boolean]>([
    ['who comes is online', { status: 'offline' }, active, 'online', false],
    ['who is back at work is online', { status: 'away' }, active, 'online', false],
    ['who rests for less than five minutes stays online', {}, idle, 'online', false],
    ['who rests for five minutes is away', rested, idle, 'away', false],
    ['who is offline does not become away by resting', { ...rested, status: 'offline' }, idle, 'offline', false],
    ['who leaves is offline', { status: 'away' }, gone, 'offline', false],
    ['a choice survives coming', { status: 'dnd', manual: true }, active, 'dnd', true],
    ['a choice survives resting', { ...rested, status: 'dnd', manual: true }, idle, 'dnd', true],
    ['a choice survives leaving', { status: 'away', manual: true }, gone, 'away', true],
    ['choosing away lasts', {}, chosen('away'), 'away', true],
    ['choosing offline lasts', {}, chosen('offline'), 'offline', true],
    [
      'choosing online ends a choice and is none itself',
      { status: 'dnd', manual: true },
      chosen('online'),
      'online',
      false,
    ],
    ['saying "I am away" is a choice', {}, { kind: 'idle', chosen: true }, 'away', true],
  ])('%s', (_name, before, cause, status, manual) => {
    expect(nextStatus(at(before), cause, moment)).toMatchObject({ status, manual });
  });

  it('notes the activity, in steps of a tenth of the time until away', () => {
    expect(nextStatus(at(), active, moment).lastActivityAt).toBe(now);
    const justNow = at({ lastActivityAt: now - minute / 2 + 1 });
    expect(nextStatus(justNow, active, moment)).toBe(justNow);
  });

  it('is the same object when nothing changes, so that nothing is written or told', () => {
    const before = at();
    expect(nextStatus(before, idle, moment)).toBe(before);
  });

  describe('"do not disturb" until a time', () => {
    const endsAt = (ms: number) => nextStatus(at({ status: 'away' }), chosen('dnd', ms / 1_000), moment);

    it('holds until then and gives back what was there before', () => {
      const dnd = endsAt(now + minute);
      expect(nextStatus(dnd, idle, { ...moment, now: now + minute - 1 })).toBe(dnd);
      expect(nextStatus(dnd, idle, { ...moment, now: now + minute })).toMatchObject({
        status: 'away',
        manual: false,
        dndEndTime: 0,
        previous: '',
      });
    });

    it('keeps the first status when it is chosen again', () => {
      const again = nextStatus(endsAt(now + minute), chosen('dnd', now / 1_000 + 600), moment);
      expect(again).toMatchObject({ status: 'dnd', previous: 'away', dndEndTime: now / 1_000 + 600 });
    });
  });
});
