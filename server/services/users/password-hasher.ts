import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../base/app-error.ts';

/** Hashes and checks passwords off the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Whether the password fits; with an empty hash (no account, or one without a password) it takes as long and is false. */
  verify(passwordHash: string, password: string): Promise<boolean>;
}

export interface PasswordHasherOptions {
  /** How many hashes are made at the same moment. Default: the number of cores. */
  readonly concurrency?: number;
  /** How many may wait before more are refused. Default 500: some seconds of work on two cores. */
  readonly queueMax?: number;
}

/** argon2id with 19 MiB, as OWASP recommends: about 13 ms of one core. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * More hashes in flight than cores finish no sooner, but fill the threads that file and name look-ups share: those
 * would wait for the whole burst of logins.
 */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const run = limited(options.concurrency ?? availableParallelism(), options.queueMax ?? 500);
  let nobody: Promise<string> | undefined;
  const hashOfNobody = () => {
    nobody ??= hash('the password of an account that does not exist', OPTIONS);
    return nobody;
  };
  return {
    hash: (password) => run(() => hash(password, OPTIONS)),
    verify: (passwordHash, password) =>
      run(async () => {
        const fits = await verify(passwordHash || (await hashOfNobody()), password, OPTIONS);
        return fits && passwordHash !== '';
      }),
  };
}

/** Runs at most `concurrency` jobs at once, the others in the order in which they came. */
function limited(concurrency: number, queueMax: number): <T>(job: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (running >= concurrency) {
      if (waiting.length >= queueMax) {
        throw new AppError('api.context.rate_limited.app_error', { params: { seconds: 5 }, retryAfter: 5 });
      }
      // The place is handed over by whoever leaves it, so nobody who comes in between can take it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
