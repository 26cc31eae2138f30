/** Channels whose last time is kept before the past ones are dropped. */
const SWEEP_AT = 10_000;

/**
 * The times that this process gives to posts and their changes: strictly rising in each channel, so that the order of
 * a channel is the order in which its posts were taken in, and none of its changes shares a millisecond with another.
 */
export class ChannelClock {
  readonly #now: () => number;
  readonly #last = new Map<string, number>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  next(channelId: string): number {
    const now = this.#now();
    const time = Math.max(now, (this.#last.get(channelId) ?? 0) + 1);
    if (this.#last.size >= SWEEP_AT) this.#forgetPast(now);
    this.#last.set(channelId, time);
    return time;
  }

  /** A time that has passed no longer bounds anything. */
  #forgetPast(now: number): void {
    for (const [channelId, time] of this.#last) {
      if (time < now) this.#last.delete(channelId);
    }
  }
}
