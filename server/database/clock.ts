/** Time for the database layer. Nothing in it reads a clock or sets a timer in another way, so tests can own time. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC that never run backwards. */
  now(): number;
  /** Calls `callback` once after `ms`; the answer cancels it. Never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
}

/** The real clock: wall time at start plus the monotonic time since. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms` on `clock`. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
