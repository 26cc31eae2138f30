/** The part of a failure that decides what happens to a message. `status` 0: no answer. `retryAfter` in seconds. */
export interface SendFailure {
  readonly status: number;
  readonly message: string;
  readonly retryAfter?: number | undefined;
}

const shortest = 500;
const longest = 5_000;

/**
 * Whether the server's no is final. Only a 4xx speaks about the message; 401 (sign in again), 408 and 429 speak about
 * the moment, and everything else leaves open whether the message arrived.
 */
export function isFinal({ status }: SendFailure): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

/** Milliseconds until the next try after `failures` failures (1 or more): 0.5 s to 5 s, spread by up to a fifth. */
export function retryDelay(failures: number, failure: SendFailure, random: () => number): number {
  const base = Math.min(longest, shortest * 2 ** (failures - 1));
  const spread = Math.min(longest, base * (1 + random() * 0.2));
  // Only a rate limit is obeyed beyond our own cap: for everything else the server calls when it is ready.
  return failure.status === 429 ? Math.max(spread, (failure.retryAfter ?? 0) * 1_000) : spread;
}

/** Reads a thrown value; what is not the transport's own failure counts as "no answer". */
export function failureOf(error: unknown): SendFailure {
  if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number') {
    const { status } = error;
    const message = 'message' in error ? String(error.message) : '';
    const retryAfter = 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : undefined;
    return { status, message, retryAfter };
  }
  return { status: 0, message: String(error) };
}
