import type { Clock } from '../clock.ts';
import type { Live } from './live.ts';

/** What an operator wants of a replica: out of the rotation, by whom, or back in (`by` null). */
export interface RotationChange {
  readonly name: string;
  /** Who takes it out; null puts it back. */
  readonly by: string | null;
  /** Takes it out although it is the last one that serves reads. */
  readonly acceptLast: boolean;
}

/** `changed` or `unchanged` (it was so already); otherwise why nothing was done. */
export type RotationResult = 'changed' | 'unchanged' | 'unknown' | 'master' | 'last';

/**
 * Takes a replica out of the rotation or puts it back, from the next read on. What is in flight there ends in peace.
 * The master is never taken out: it has to write.
 */
export function changeRotation(
  live: Live,
  clock: Pick<Clock, 'now'>,
  { name, by, acceptLast }: RotationChange,
): RotationResult {
  const { topology } = live.current;
  const member = topology.members.find((candidate) => candidate.name === name);
  if (member === undefined) return 'unknown';
  if (member.role === 'master') return 'master';
  if ((member.takenOut === null) === (by === null)) return 'unchanged';
  const serving = [...topology.fitReplicas, ...topology.fitSearchReplicas];
  const isLast = serving.length > 0 && serving.every((each) => each === member);
  if (by !== null && isLast && !acceptLast) return 'last';
  // Back in, it works up slowly like every replica that returns.
  const takenOut = by === null ? null : { by, at: Math.round(clock.now()) };
  live.update(name, (before) => ({ ...before, takenOut, admittedAt: clock.now() }));
  return 'changed';
}
