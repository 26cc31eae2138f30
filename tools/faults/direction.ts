import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the network between two parties does at the moment. */
export interface Weather {
  /** Added to each direction, in milliseconds. */
  readonly delayMs: number;
  /** Bytes that arrive are lost. */
  readonly swallow: boolean;
  /** Bytes are held until the weather changes. */
  readonly hold: boolean;
  /** Resolves at the next change. */
  readonly change: Promise<void>;
}

// Enough to fill any delay at loopback speed, and little enough to hold in memory.
const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;

/** Carries the bytes of one direction of one connection, in order, through the weather. */
export class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: () => Weather;
  readonly #queue: { readonly chunk: Buffer | undefined; readonly due: number }[] = [];
  #queuedBytes = 0;
  #isPumping = false;
  #hasLost = false;

  constructor(from: Socket, to: Socket, weather: () => Weather) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#take(undefined));
  }

  /** Whether bytes were swallowed: the receiver can never make sense of this connection again. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  #take(chunk: Buffer | undefined): void {
    const { swallow, delayMs } = this.#weather();
    if (swallow) {
      this.#hasLost = true;
      return;
    }
    this.#queue.push({ chunk, due: Date.now() + delayMs });
    this.#queuedBytes += chunk?.length ?? 0;
    if (this.#queuedBytes > QUEUE_LIMIT_BYTES) this.#from.pause();
    if (!this.#isPumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    for (let next = this.#queue[0]; next !== undefined && !this.#to.destroyed; next = this.#queue[0]) {
      const wait = next.due - Date.now();
      if (wait > 0) await sleep(wait);
      while (this.#weather().hold) await this.#weather().change;
      this.#queue.shift();
      this.#deliver(next.chunk);
    }
    this.#isPumping = false;
  }

  #deliver(chunk: Buffer | undefined): void {
    if (this.#weather().swallow) {
      this.#hasLost = true;
      return;
    }
    if (this.#to.destroyed) return;
    if (chunk === undefined) {
      this.#to.end();
      return;
    }
    this.#to.write(chunk);
    this.#queuedBytes -= chunk.length;
    if (this.#queuedBytes <= QUEUE_LIMIT_BYTES) this.#from.resume();
  }
}
