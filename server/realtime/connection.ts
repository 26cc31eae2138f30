import { type EventName, replayLimit } from '../../contract/index.ts';
import { type Caller, isSystemAdmin } from '../services/index.ts';
import type { EncodedEvent } from './encoded-event.ts';

/** Who stands behind a socket. */
export interface SocketIdentity {
  readonly caller: Caller;
  /** When the session ends, ms since 1970; 0 = never. */
  readonly expiresAt: number;
  /** What roles bring at this moment: a socket may outlive many changes of them. */
  readonly grants: () => Caller['grants'];
}

/**
 * Why the server closes a socket. After `session_ended` and `refused` a client must not come back by itself; after the
 * others it should.
 */
export type CloseReason =
  | 'session_ended'
  | 'refused'
  | 'slow'
  | 'broken'
  | 'flood'
  | 'resync'
  | 'taken_over'
  | 'stopping';

/** One live socket of whatever transport, as the hub sees it. */
export interface Wire {
  readonly transport: string;
  /** Sends at once or queues; the order of calls is the order on the wire. */
  send(event: EncodedEvent, seq: number): void;
  /** How full the queue of unsent data is: 0 = empty, 1 = full. */
  readonly fullness: number;
  close(reason: CloseReason): void;
}

/** What became of an event: on the wire, kept for the return of a lost connection, left out, or the queue was full. */
export type Delivery = 'sent' | 'kept' | 'dropped' | 'slow';

/** Worth nothing when late: not kept for the return of a lost connection. */
const momentary: ReadonlySet<EventName> = new Set<EventName>(['typing', 'database_status']);
/** The first to go when a socket lags behind; Mattermost's choice. Clients learn the same by their next request. */
const dispensable: ReadonlySet<EventName> = new Set<EventName>([...momentary, 'status_change', 'channel_viewed']);

/**
 * A client's connection, which outlives its sockets: `seq` counts on while the client is away, and the last
 * `replayLimit` events are kept for its return.
 */
export class Connection {
  readonly id: string;
  readonly userId: string;
  /** Set while there is no socket: since when, ms. */
  detachedAt: number | undefined;
  #identity: SocketIdentity;
  #isAdmin: boolean;
  #wire: Wire | undefined;
  #nextSeq = 0;
  // The event of seq n is at n % replayLimit. Only references: the events are shared by all their receivers.
  readonly #kept: EncodedEvent[] = [];

  constructor(id: string, identity: SocketIdentity, wire: Wire) {
    this.id = id;
    this.userId = identity.caller.userId;
    this.#identity = identity;
    this.#isAdmin = isSystemAdmin(identity.caller);
    this.#wire = wire;
  }

  get wire(): Wire | undefined {
    return this.#wire;
  }

  /** Whether events for admins reach this connection. */
  get isAdmin(): boolean {
    return this.#isAdmin;
  }

  /** The user's roles as of now; the session's may be older. */
  rolesChanged(roles: readonly string[]): void {
    this.#identity = { ...this.#identity, caller: { ...this.#identity.caller, roles } };
    this.#isAdmin = isSystemAdmin(this.#identity.caller);
  }

  /** The caller of this socket's actions; the events that they cause know where they came from. */
  get caller(): Caller {
    const { caller, grants } = this.#identity;
    const now = grants();
    if (caller.grants !== now) this.#identity = { ...this.#identity, caller: { ...caller, grants: now } };
    return this.#identity.caller;
  }

  get expiresAt(): number {
    return this.#identity.expiresAt;
  }

  /** `hello` went out: from then on the connection receives events, with seq from 0 and no gap. */
  get greeted(): boolean {
    return this.#nextSeq > 0;
  }

  /** Numbers the event and sends it; left-out events take no number, so a client never sees a gap. */
  deliver(event: EncodedEvent): Delivery {
    const wire = this.#wire;
    if (!wire) {
      if (momentary.has(event.name)) return 'dropped';
      this.#keep(event);
      return 'kept';
    }
    const { fullness } = wire;
    if (fullness >= 0.5 && dispensable.has(event.name)) return 'dropped';
    const seq = this.#keep(event);
    if (fullness >= 1) return 'slow';
    wire.send(event, seq);
    return 'sent';
  }

  /** Whether everything from `seq` on is still there. */
  canReplayFrom(seq: number): boolean {
    return seq <= this.#nextSeq && seq > 0 && this.#nextSeq - seq <= replayLimit;
  }

  /** Goes on over a new socket: first the events from `seq` on, in order. */
  resume(identity: SocketIdentity, wire: Wire, seq: number): void {
    this.#wire = wire;
    this.#identity = identity;
    this.#isAdmin = isSystemAdmin(identity.caller);
    this.detachedAt = undefined;
    for (let missed = seq; missed < this.#nextSeq; missed += 1) {
      const event = this.#kept[missed % replayLimit];
      if (event) wire.send(event, missed);
    }
  }

  /** The socket is gone; events are kept from now on. */
  detach(now: number): void {
    this.#wire = undefined;
    this.detachedAt = now;
  }

  #keep(event: EncodedEvent): number {
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    this.#kept[seq % replayLimit] = event;
    return seq;
  }
}
