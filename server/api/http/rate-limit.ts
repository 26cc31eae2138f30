import { AppError, TokenBuckets } from '../../services/index.ts';

/** Mattermost's RateLimitSettings. */
export interface RateLimit {
  readonly enabled: boolean;
  readonly perSecond: number;
  /** Requests that may come at once. */
  readonly burst: number;
}

/** Refuses an address that asks too often. */
export type CheckRate = (address: string) => void;

/**
 * Limits the requests of each address.
 *
 * @param now milliseconds, never going back.
 * @returns a check that throws AppError 429 with the seconds to wait.
 */
export function createRateCheck(limit: () => RateLimit, now: () => number): CheckRate {
  const buckets = new TokenBuckets(() => ({ capacity: limit().burst, refillMs: 1_000 / limit().perSecond }), now);
  return (address) => {
    if (!limit().enabled) return;
    const waitMs = buckets.take(address);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new AppError('api.context.rate_limited.app_error', { params: { seconds }, retryAfter: seconds });
  };
}
