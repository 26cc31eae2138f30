import type { SocketAnswer } from '../../contract/index.ts';
import { AppError, newId, TokenBuckets } from '../services/index.ts';
import type { ActionDeps } from './actions.ts';
import { Inbox } from './inbox.ts';

/** Each action of a client may cost an event to a thousand others. */
const actionRate = { capacity: 60, refillMs: 50 };

export interface IntakeDeps {
  readonly refusal: ActionDeps['refusal'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the clients of one transport send: in the order of its arrival, at a bounded rate. */
export class Intake {
  readonly #deps: IntakeDeps;
  readonly #rate: TokenBuckets;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#rate = new TokenBuckets(() => actionRate, deps.now);
  }

  /** What one client sends. `key` is its own among those of the transport. */
  open(key: string): SocketIntake {
    const inbox = new Inbox();
    return {
      take: (work, refuse) => {
        const waitMs = this.#rate.take(key);
        if (waitMs <= 0) return inbox.take(work);
        refuse(this.#tooFast(waitMs));
        return true;
      },
    };
  }

  #tooFast(waitMs: number): SocketAnswer {
    const seconds = Math.ceil(waitMs / 1_000);
    const error = new AppError('api.context.rate_limited.app_error', { params: { seconds }, retryAfter: seconds });
    return { status: 'FAIL', error: this.#deps.refusal(error, newId()) };
  }
}

export interface SocketIntake {
  /** Does `work` (which must not throw) in its turn, or refuses it at once. False: more is sent than gets done. */
  take(work: () => Promise<void>, refuse: (answer: SocketAnswer) => void): boolean;
}
