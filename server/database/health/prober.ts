import type { Clock } from '../clock.ts';
import type { DataSource } from '../data-source/data-source.ts';
import type { Connection, Connector, Dialect } from '../dialect/dialect.ts';
import type { ProbeOutcome } from '../topology/index.ts';

/** How late our own timer may ring before a silent probe is laid to our event loop and not to the database. */
const ownDelayMs = 500;

/** Probes one data source over a connection of its own: never over the pool that it judges. */
export class Prober {
  readonly #dialect: Dialect;
  readonly #connector: Connector;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** A connection to each host with a check of its kind, one of them a second time without TLS, and the probe. */
  readonly #longestMs: number;
  #connection: Connection | undefined;

  constructor(deps: { source: DataSource; dialect: Dialect; clock: Clock; timeoutMs: number }) {
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#timeoutMs = deps.timeoutMs;
    this.#longestMs = deps.timeoutMs * (2 * deps.source.hosts.length + 1);
    this.#connector = deps.dialect.connector(deps.source, {
      connectTimeoutMs: deps.timeoutMs,
      statementTimeoutMs: deps.timeoutMs,
      applicationName: 'holdfast monitor',
    });
  }

  /** One probe; never throws. `undefined` when our own process was too busy to tell. */
  async probe(): Promise<ProbeOutcome | undefined> {
    const startedAt = this.#clock.now();
    try {
      if (this.#connection?.usable !== true) this.#connection = await this.#connector.open();
      return { ok: true, reading: await this.#dialect.probe(this.#connection, this.#timeoutMs) };
    } catch (error) {
      this.close();
      const tookMs = this.#clock.now() - startedAt;
      const timedOut = tookMs >= this.#timeoutMs * 0.9;
      if (timedOut && tookMs > this.#longestMs + ownDelayMs) return undefined;
      return { ok: false, failure: this.#dialect.classify(error, false), timedOut };
    }
  }

  /** Why writes do not end on a master that has just answered; empty when it does not say. Never throws. */
  async whyStalled(): Promise<string> {
    try {
      return this.#connection === undefined ? '' : await this.#dialect.whyStalled(this.#connection, this.#timeoutMs);
    } catch {
      this.close();
      return '';
    }
  }

  close(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }
}
