/** How long each part may take, in milliseconds. */
export interface SwitchoverLimits {
  readonly quiesceMs: number;
  readonly fenceMs: number;
  readonly catchUpMs: number;
  readonly promoteMs: number;
  readonly verifyMs: number;
  /** Of the undoing, counted anew: what failed by taking too long must not fail to be undone for it. */
  readonly undoMs: number;
}

const share = { quiesce: 0.25, fence: 0.11, catchUp: 0.2, promote: 0.33, verify: 0.11 } as const;
const most = { quiesce: 5_000, fence: 1_000, catchUp: 5_000, promote: 10_000, verify: 2_000 } as const;
/** For the release itself, and for a clock that ticks late. */
const margin = 0.95;

/**
 * The limits nest: all parts together take less than a write may be held, so that a write that came at the beginning
 * is still waiting at the end.
 *
 * @param holdMs how long one write may be held.
 */
export function limitsFor(holdMs: number): SwitchoverLimits {
  const limit = (part: keyof typeof share): number => Math.min(most[part], holdMs * margin * share[part]);
  return {
    quiesceMs: limit('quiesce'),
    fenceMs: limit('fence'),
    catchUpMs: limit('catchUp'),
    promoteMs: limit('promote'),
    verifyMs: limit('verify'),
    undoMs: 5_000,
  };
}
