import type { ServerBusy } from '../../../contract/index.ts';

/**
 * Mattermost's "server busy": while it lasts, what people can do without for a while is refused, so that messages go through. Of
 * this server, and over by itself.
 */
export class HighLoad {
  readonly #now: () => number;
  #until = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(seconds: number): void {
    this.#until = this.#now() + seconds * 1_000;
  }

  end(): void {
    this.#until = 0;
  }

  /** Seconds that it still lasts, rounded up; 0 = the server is not busy. */
  secondsLeft(): number {
    return this.#until === 0 ? 0 : Math.max(0, Math.ceil((this.#until - this.#now()) / 1_000));
  }

  state(): ServerBusy {
    const busy = this.secondsLeft() > 0;
    const expires = busy ? Math.ceil(this.#until / 1_000) : 0;
    return { busy, expires, expires_ts: busy ? new Date(this.#until).toUTCString() : '' };
  }
}
