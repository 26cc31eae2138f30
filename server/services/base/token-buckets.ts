import { LruMap } from './lru-map.ts';

export interface BucketLimits {
  /** How many may come at once. */
  readonly capacity: number;
  /** How long one place takes to become free again, in milliseconds. */
  readonly refillMs: number;
}

interface Bucket {
  /** Places left at `at`. */
  left: number;
  at: number;
}

/** Limits how often something happens per key (an account, an address). In memory, the longest unused keys are forgotten. */
export class TokenBuckets {
  readonly #buckets: LruMap<string, Bucket>;
  readonly #limits: () => BucketLimits;
  readonly #now: () => number;

  constructor(limits: () => BucketLimits, now: () => number, keys = 50_000) {
    this.#limits = limits;
    this.#now = now;
    this.#buckets = new LruMap(keys);
  }

  /** Takes a place; 0 when there was one, else the milliseconds until there is. */
  take(key: string): number {
    const { capacity, refillMs } = this.#limits();
    const bucket = this.#current(key);
    if (bucket.left >= 1) {
      bucket.left = Math.min(bucket.left, capacity) - 1;
      return 0;
    }
    return Math.ceil((1 - bucket.left) * refillMs);
  }

  /** How many places are left, whole ones only. */
  left(key: string): number {
    return Math.floor(this.#current(key).left);
  }

  /** Forgets what was taken. */
  reset(key: string): void {
    this.#buckets.delete(key);
  }

  #current(key: string): Bucket {
    const { capacity, refillMs } = this.#limits();
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { left: capacity, at: now };
    bucket.left = Math.min(capacity, bucket.left + (now - bucket.at) / refillMs);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
