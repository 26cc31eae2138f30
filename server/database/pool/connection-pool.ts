import type { Clock } from '../clock.ts';
import type { Connection, Connector } from '../dialect/dialect.ts';
import { DatabaseError } from '../errors.ts';
import { PoolStatistics } from './pool-statistics.ts';

export interface PoolOptions {
  /** Name of the data source, for errors. */
  readonly name: string;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly maxConnections: number;
  readonly maxIdle: number;
  readonly idleMs: number;
  /** 0 = for ever. */
  readonly lifetimeMs: number;
  readonly acquireTimeoutMs: number;
}

/** A connection while it is lent out. Give it back exactly once. */
export interface Lease {
  readonly connection: Connection;
  /** @param reusable false destroys the connection: its socket is dead or out of step. */
  release(reusable: boolean): void;
}

interface Slot {
  readonly connection: Connection;
  readonly epoch: number;
  readonly openedAt: number;
  idleSince: number;
  leased: boolean;
  leasedAt: number;
}

interface Waiter {
  readonly resolve: (slot: Slot) => void;
  readonly reject: (error: Error) => void;
  readonly since: number;
  cancel: () => void;
}

/** What a pool looks like from outside at one moment. */
export interface PoolCounts {
  readonly inUse: number;
  readonly idle: number;
  readonly max: number;
  readonly waiting: number;
  readonly longestWaitMs: number;
  /** Leases and waiters: work that a drain must wait for. */
  readonly inFlight: number;
}

const retryOpenMs = 200;

/**
 * The live connections to ONE data source. Lends them out last-in first-out, opens them on demand, and renews them
 * one at a time without making anybody wait. States: open -> draining (no new leases) -> closed.
 */
export class ConnectionPool {
  readonly name: string;
  readonly statistics = new PoolStatistics();
  readonly #options: PoolOptions;
  readonly #idle: Slot[] = [];
  readonly #slots = new Set<Slot>();
  /** Those that are lent out, the one first that is out for the longest. */
  readonly #lent = new Set<Slot>();
  readonly #waiters: Waiter[] = [];
  #opening = 0;
  #epoch = 0;
  /** A renewal waits here for the next connection of an earlier epoch; undefined when none is left. */
  #takeStale: ((slot: Slot | undefined) => void) | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';
  #emptied: (() => void)[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get state(): 'open' | 'draining' | 'closed' {
    return this.#state;
  }

  get inFlight(): number {
    return this.#slots.size - this.#idle.length + this.#waiters.length;
  }

  /**
   * For how long the source has left somebody waiting, for an answer or a connection, without answering anybody: its
   * latency is at least that. 0 when nobody waits.
   */
  silenceMs(now: number): number {
    const [longestOut] = this.#lent;
    const since = Math.min(longestOut?.leasedAt ?? now, this.#waiters[0]?.since ?? now);
    return Math.max(0, now - Math.max(since, this.statistics.lastSuccessAt));
  }

  counts(): PoolCounts {
    const first = this.#waiters[0];
    return {
      inUse: this.#slots.size - this.#idle.length,
      idle: this.#idle.length,
      max: this.#options.maxConnections,
      waiting: this.#waiters.length,
      longestWaitMs: first === undefined ? 0 : this.#options.clock.now() - first.since,
      inFlight: this.inFlight,
    };
  }

  /**
   * Lends a connection.
   *
   * @throws DatabaseError `overload` when none gets free in time, `closed` when the pool drains (the caller takes the
   *   newer topology and asks there), or the connector's own error when a connection cannot be opened.
   */
  async acquire(): Promise<Lease> {
    return this.tryAcquire() ?? this.#lend(await this.#wait());
  }

  /** Lends an idle connection, or answers undefined without waiting. Throws as `acquire` does when the pool drains. */
  tryAcquire(): Lease | undefined {
    const slot = this.#takeIdle();
    return slot === undefined ? undefined : this.#lend(slot);
  }

  /** Cuts every connection now, lent out or not: whatever is in flight on them fails at once. */
  cut(): void {
    this.#epoch += 1;
    for (const slot of [...this.#slots]) {
      slot.connection.destroy();
      if (!slot.leased) this.#discard(slot);
    }
  }

  /** Sends everybody away who waits for a connection: none will come, and they can go elsewhere. */
  refuseWaiting(): void {
    for (const waiter of this.#waiters.splice(0)) {
      waiter.cancel();
      waiter.reject(
        new DatabaseError(`${this.name} does not answer.`, {
          kind: 'unreachable',
          outcome: 'not-executed',
          source: this.name,
        }),
      );
    }
    this.#noteEmpty();
  }

  /**
   * Replaces every connection that is open now by a new one, one at a time, as they get free; work in flight ends in
   * peace. Resolves with the number of replaced connections, at the latest after `limitMs`.
   */
  async renew(limitMs: number): Promise<number> {
    this.#epoch += 1;
    const epoch = this.#epoch;
    const deadline = this.#options.clock.now() + limitMs;
    let renewed = 0;
    for (let left = limitMs; left > 0 && this.#hasStale(epoch); left = deadline - this.#options.clock.now()) {
      const slot = await this.#nextStale(epoch, left);
      if (slot === undefined) break;
      await slot.connection.close();
      this.#openForWaiters();
      await this.warm();
      renewed += 1;
    }
    return renewed;
  }

  #hasStale(epoch: number): boolean {
    return [...this.#slots].some((slot) => slot.epoch < epoch);
  }

  /**
   * Takes an idle connection of an earlier epoch out of the pool, or the next one that comes back; undefined after
   * `limitMs`, and when the last of them has broken meanwhile.
   */
  #nextStale(epoch: number, limitMs: number): Promise<Slot | undefined> {
    const idle = this.#idle.find((slot) => slot.epoch < epoch);
    if (idle !== undefined) {
      this.#removeIdle(idle);
      return Promise.resolve(idle);
    }
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(Math.max(0, limitMs), () => {
        this.#takeStale = undefined;
        resolve(undefined);
      });
      this.#takeStale = (slot) => {
        this.#takeStale = undefined;
        cancel();
        if (slot !== undefined) this.#slots.delete(slot);
        resolve(slot);
      };
    });
  }

  /** Opens one idle connection if there is room, so that the next lease need not wait. Errors are the next lease's. */
  async warm(): Promise<void> {
    if (this.#state !== 'open' || this.#slots.size + this.#opening >= this.#options.maxConnections) return;
    await this.#open().then(
      (slot) => this.#offer(slot),
      () => undefined,
    );
  }

  /** Lends no more; resolves true when all work has ended, false when `limitMs` passed first. */
  async drain(limitMs: number): Promise<boolean> {
    if (this.#state === 'open') this.#state = 'draining';
    this.#closeIdle();
    if (this.inFlight === 0) return true;
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(limitMs, () => resolve(this.inFlight === 0));
      this.#emptied.push(() => {
        cancel();
        resolve(true);
      });
    });
  }

  /** Ends everything: waiters are refused, connections cut. Idempotent. */
  close(): void {
    this.#state = 'closed';
    for (const waiter of this.#waiters.splice(0)) {
      waiter.cancel();
      waiter.reject(this.#refusal());
    }
    this.#closeIdle();
    this.cut();
  }

  /** Closes connections that were idle or alive for too long. Called by the monitor about once a second. */
  prune(): void {
    const { clock, idleMs, lifetimeMs, maxIdle } = this.#options;
    const now = clock.now();
    for (const slot of [...this.#idle]) {
      const tooMany = this.#idle.length > maxIdle;
      const tooOld = lifetimeMs > 0 && now - slot.openedAt > lifetimeMs;
      const unused = idleMs > 0 && now - slot.idleSince > idleMs && this.#slots.size > 1;
      if (tooMany || tooOld || unused || !slot.connection.usable) {
        this.#removeIdle(slot);
        void slot.connection.close();
      }
    }
  }

  #lend(slot: Slot): Lease {
    slot.leased = true;
    slot.leasedAt = this.#options.clock.now();
    this.#lent.add(slot);
    let returned = false;
    return {
      connection: slot.connection,
      release: (reusable) => {
        if (returned) return;
        returned = true;
        this.#lent.delete(slot);
        this.#takeBack(slot, reusable);
      },
    };
  }

  #takeIdle(): Slot | undefined {
    if (this.#state !== 'open') throw this.#refusal();
    for (let slot = this.#idle.pop(); slot !== undefined; slot = this.#idle.pop()) {
      if (slot.connection.usable) return slot;
      this.#slots.delete(slot);
    }
    return undefined;
  }

  #wait(): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const { clock, acquireTimeoutMs } = this.#options;
      const waiter: Waiter = { resolve, reject, since: clock.now(), cancel: () => undefined };
      waiter.cancel = clock.after(acquireTimeoutMs, () => {
        this.#dropWaiter(waiter);
        reject(
          new DatabaseError(`No connection to ${this.name} got free within ${acquireTimeoutMs} ms.`, {
            kind: 'overload',
            outcome: 'not-executed',
            source: this.name,
          }),
        );
      });
      this.#waiters.push(waiter);
      this.#openForWaiters();
    });
  }

  #openForWaiters(): void {
    const room = this.#options.maxConnections - this.#slots.size - this.#opening;
    if (this.#opening >= this.#waiters.length || room <= 0 || this.#state === 'closed') return;
    void this.#open().then(
      (slot) => this.#offer(slot),
      (error: Error) => this.#refuseWaiter(error),
    );
  }

  async #open(): Promise<Slot> {
    this.#opening += 1;
    const epoch = this.#epoch;
    try {
      const connection = await this.#options.connector.open();
      const now = this.#options.clock.now();
      const slot: Slot = { connection, epoch, openedAt: now, idleSince: now, leased: false, leasedAt: now };
      this.#slots.add(slot);
      return slot;
    } finally {
      this.#opening -= 1;
    }
  }

  /** A connection could not be opened: the one that waits longest learns why, and can go elsewhere. */
  #refuseWaiter(error: Error): void {
    const waiter = this.#waiters.shift();
    waiter?.cancel();
    waiter?.reject(error);
    this.#openLater();
    this.#noteEmpty();
  }

  #openLater(): void {
    if (this.#waiters.length > 0) this.#options.clock.after(retryOpenMs, () => this.#openForWaiters());
  }

  #offer(slot: Slot): void {
    if (!slot.connection.usable || this.#state === 'closed') {
      this.#discard(slot);
      this.#openLater();
      return;
    }
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.cancel();
      slot.leased = true;
      waiter.resolve(slot);
    } else if (this.#state === 'open') {
      slot.leased = false;
      slot.idleSince = this.#options.clock.now();
      this.#idle.push(slot);
    } else {
      this.#discard(slot);
    }
  }

  #takeBack(slot: Slot, reusable: boolean): void {
    slot.leased = false;
    if (!reusable || !slot.connection.usable) {
      slot.connection.destroy();
      this.#slots.delete(slot);
      this.#openForWaiters();
      if (!this.#hasStale(this.#epoch)) this.#takeStale?.(undefined);
    } else if (this.#takeStale !== undefined && slot.epoch < this.#epoch) this.#takeStale(slot);
    else this.#offer(slot);
    this.#noteEmpty();
  }

  #discard(slot: Slot): void {
    this.#removeIdle(slot);
    void slot.connection.close();
    this.#noteEmpty();
  }

  #removeIdle(slot: Slot): void {
    this.#slots.delete(slot);
    const index = this.#idle.indexOf(slot);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  #closeIdle(): void {
    for (const slot of this.#idle.splice(0)) {
      this.#slots.delete(slot);
      void slot.connection.close();
    }
  }

  #dropWaiter(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
    this.#noteEmpty();
  }

  #noteEmpty(): void {
    if (this.inFlight > 0 || this.#emptied.length === 0) return;
    for (const notify of this.#emptied.splice(0)) notify();
  }

  #refusal(): DatabaseError {
    return new DatabaseError(`The pool of ${this.name} is ${this.#state}.`, {
      kind: 'closed',
      outcome: 'not-executed',
      source: this.name,
    });
  }
}
