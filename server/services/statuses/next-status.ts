import type { Status } from '../../../contract/index.ts';
import type { StoredStatus } from '../../stores/statuses/index.ts';

export type StatusName = Status['status'];

/** What may change a status. */
export type StatusCause =
  /** The first socket opened, a post was written, a client reports its user at work. */
  | { readonly kind: 'active' }
  /** A client reports that its user has gone (`chosen`: the user said so), or time has passed. */
  | { readonly kind: 'idle'; readonly chosen: boolean }
  /** The last socket closed. */
  | { readonly kind: 'gone' }
  /** The user chose it. `dndEndTime` in seconds, 0 = for ever. */
  | { readonly kind: 'chosen'; readonly status: StatusName; readonly dndEndTime: number };

export interface StatusMoment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** So long without activity makes a user away. */
  readonly awayAfterMs: number;
}

/**
 * The status after a cause; the same object when nothing changes. What the user chose wins over everything that is
 * only observed, except that "online" is no choice that lasts: it means "show what you see".
 */
export function nextStatus(current: StoredStatus, cause: StatusCause, moment: StatusMoment): StoredStatus {
  if (cause.kind === 'chosen') return choose(current, cause, moment);
  const status = expired(current, moment);
  if (status.manual) return status;
  if (cause.kind === 'active') return activeAt(status, moment);
  if (cause.kind === 'gone') return { ...status, status: 'offline', lastActivityAt: moment.now };
  if (cause.chosen) return { ...status, status: 'away', manual: true };
  const isIdle = moment.now - status.lastActivityAt >= moment.awayAfterMs;
  return status.status === 'online' && isIdle ? { ...status, status: 'away' } : status;
}

/** Activity is noted in steps, so that somebody who writes all day does not change the row with each message. */
const activitySteps = 10;

function activeAt(status: StoredStatus, { now, awayAfterMs }: StatusMoment): StoredStatus {
  const isNoted = now - status.lastActivityAt < awayAfterMs / activitySteps;
  return status.status === 'online' && isNoted ? status : { ...status, status: 'online', lastActivityAt: now };
}

/** The status without a "do not disturb" that has ended; the same object when there is none. */
export function expired(current: StoredStatus, { now }: Pick<StatusMoment, 'now'>): StoredStatus {
  const { status, dndEndTime, previous } = current;
  if (status !== 'dnd' || dndEndTime === 0 || dndEndTime * 1_000 > now) return current;
  return { ...current, status: previous || 'online', manual: false, dndEndTime: 0, previous: '' };
}

function choose(
  current: StoredStatus,
  { status, dndEndTime }: Extract<StatusCause, { kind: 'chosen' }>,
  { now }: StatusMoment,
): StoredStatus {
  const { userId } = current;
  const base = { userId, status, lastActivityAt: now, dndEndTime: 0, previous: '' } as const;
  if (status === 'online') return { ...base, manual: false };
  if (status !== 'dnd') return { ...base, manual: true };
  // A second "do not disturb" keeps what was there before the first.
  const previous = current.status === 'dnd' ? current.previous : current.status;
  return { ...base, manual: true, dndEndTime, previous };
}
