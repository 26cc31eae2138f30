import { hostname } from 'node:os';
import type { DatabaseMode, DatabaseStatus, EventData, EventName } from '../../contract/index.ts';
import type { Logger, RealtimeStats } from '../observability/index.ts';
import type { OutgoingEvent, Publisher } from '../services/index.ts';
import { Audience, type Memberships } from './audience.ts';
import { type CloseReason, Connection, type Delivery, type SocketIdentity, type Wire } from './connection.ts';
import { createDatabaseWatch } from './database-watch.ts';
import { EncodedEvent } from './encoded-event.ts';
import { membershipChanges } from './membership-changes.ts';
import { createMembershipLoader } from './membership-loader.ts';

/** Lost connections are kept this long for their return. */
const returnLimitMs = 5 * 60_000;
/** At most so many lost connections per user, so that a client in a reconnect loop costs no memory. */
const detachedPerUser = 4;
const sweepIntervalMs = 2_000;
/** How long a client waits for `hello` when its memberships cannot be read. */
const greetLimitMs = 2_000;

/** Who hears that a user's first socket opened and the last one closed, and what happens in between. */
export interface PresenceListener {
  connected(userId: string): void;
  disconnected(userId: string): void;
  /** Every event, after it went out. */
  observe(event: OutgoingEvent): void;
}

export interface HubDeps {
  /**
   * The teams and channels of a user. It must show every change whose event was published before the call, so it
   * reads from the master.
   */
  readonly memberships: (userId: string) => Promise<Memberships>;
  readonly presence: PresenceListener;
  readonly databaseMode: {
    readonly current: () => DatabaseMode;
    /** Calls the listener on every change; the answer ends that. */
    readonly subscribe: (listener: (mode: DatabaseMode) => void) => () => void;
  };
  readonly databaseStatus: () => DatabaseStatus;
  /** What `hello` calls the server; as `X-Version-Id`, by which clients notice an upgrade. */
  readonly serverVersion: () => string;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** A client that wants to go on where it was. */
export interface ResumeRequest {
  readonly connectionId: string;
  /** The `seq` that the client expects next. */
  readonly sequenceNumber: number;
}

export interface OpenRequest {
  readonly identity: SocketIdentity;
  readonly wire: Wire;
  readonly resume?: ResumeRequest | undefined;
}

/** A socket's place in the hub. */
export interface OpenSocket {
  readonly connection: Connection;
  /** The socket is gone. The connection waits for its client's return. */
  closed(): void;
}

export interface Hub extends Publisher {
  /** Takes a new socket in: resumes its connection, or greets it as a new one. */
  open(request: OpenRequest): OpenSocket;
  /** Sends `database_status` to this connection, or stops that. */
  watchDatabase(connection: Connection, watch: boolean): void;
  isInChannel(userId: string, channelId: string): boolean;
  /** Reads everybody's memberships anew. Whose are other ones than was known comes back and reads the state anew. */
  refreshMemberships(): void;
  /** The ids of the users who have an open socket here. */
  connectedUsers(): string[];
  /** Ends the connections of a session: its sockets close and none of them can be resumed. */
  closeSession(sessionId: string): void;
  /** The same for all sessions of a user. */
  closeUser(userId: string): void;
  /** The same for everybody. */
  closeEverybody(): void;
  stats(): RealtimeStats;
  /** What the hub does from time to time; the timer of `start` calls it. */
  sweep(): void;
  start(): void;
  /** Closes every socket. */
  stop(): void;
}

/**
 * The hub: every event of the server passes through it to the connections that it is meant for. It knows nothing of
 * transports but `Wire`, and of databases but the functions in its deps.
 */
export function createHub(deps: HubDeps): Hub {
  return new ConnectionHub(deps);
}

class ConnectionHub implements Hub {
  readonly #deps: HubDeps;
  readonly #audience = new Audience();
  readonly #loader;
  readonly #databaseWatch;
  readonly #counts = { eventsTotal: 0, deliveriesTotal: 0, droppedTotal: 0, slowTotal: 0, resumedTotal: 0 };
  #stopping: (() => void)[] = [];

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#loader = createMembershipLoader({
      memberships: deps.memberships,
      loaded: (userId, memberships) => this.#membershipsLoaded(userId, memberships),
      failed: (userId, error) => deps.logger.warn('realtime.memberships_unread', { userId, error }),
    });
    this.#databaseWatch = createDatabaseWatch({
      databaseStatus: deps.databaseStatus,
      deliver: (connection, event) => this.#deliver(connection, event),
    });
  }

  publish<N extends EventName>(event: OutgoingEvent<N>): void {
    try {
      this.#counts.eventsTotal += 1;
      this.#followRoles(event);
      this.#route(event);
      this.#deps.presence.observe(event);
    } catch (error) {
      this.#deps.logger.error('realtime.publish_failed', { event: event.event, error });
    }
  }

  // Who joins hears of it and so enters first; who is removed hears of it and so leaves last.
  #route(event: OutgoingEvent): void {
    const changes = membershipChanges(event);
    for (const change of changes) if (change.kind.endsWith('-joined')) this.#audience.apply(change);
    const encoded = new EncodedEvent(event);
    this.#audience.visit(event, (connection) => this.#deliver(connection, encoded));
    for (const change of changes) if (change.kind.endsWith('-left')) this.#audience.apply(change);
  }

  #followRoles({ event, data }: OutgoingEvent): void {
    if (event !== 'user_role_updated') return;
    const { user_id, roles } = data as EventData<'user_role_updated'>;
    for (const connection of this.#audience.connectionsOf(user_id)) connection.rolesChanged(roles.split(' '));
  }

  #deliver(connection: Connection, event: EncodedEvent): void {
    // Nothing goes out before `hello`: the client reads the state after it, and so misses nothing.
    if (!connection.greeted) return;
    const delivery = this.#tryDeliver(connection, event);
    if (delivery === 'sent') this.#counts.deliveriesTotal += 1;
    else if (delivery === 'dropped') this.#counts.droppedTotal += 1;
    else if (delivery === 'slow') {
      this.#counts.slowTotal += 1;
      this.#cut(connection, 'slow');
    }
  }

  // A socket that breaks must not take the event away from the receivers after it.
  #tryDeliver(connection: Connection, event: EncodedEvent): Delivery {
    try {
      return connection.deliver(event);
    } catch (error) {
      this.#deps.logger.error('realtime.socket_broken', { userId: connection.userId, error });
      this.#cut(connection, 'broken');
      return 'kept';
    }
  }

  open({ identity, wire, resume }: OpenRequest): OpenSocket {
    const { userId } = identity.caller;
    const wasOffline = !this.#hasSocket(userId);
    const connection = this.#resumed(identity, wire, resume) ?? this.#begin(identity, wire);
    if (wasOffline) this.#deps.presence.connected(userId);
    return { connection, closed: () => this.#socketClosed(connection, wire) };
  }

  #resumed(identity: SocketIdentity, wire: Wire, resume: ResumeRequest | undefined): Connection | undefined {
    const old = resume && this.#audience.connection(resume.connectionId);
    // Somebody else's id is treated like an unknown one: a connection belongs to its user.
    if (!resume || old?.userId !== identity.caller.userId) return undefined;
    this.#databaseWatch.set(old, false);
    const replaced = old.wire;
    const resumed = old.canReplayFrom(resume.sequenceNumber);
    if (resumed) {
      this.#counts.resumedTotal += 1;
      old.resume(identity, wire, resume.sequenceNumber);
    } else this.#audience.remove(old);
    // The client's network changed before the server noticed: the new socket takes the old one's place.
    replaced?.close('taken_over');
    return resumed ? old : undefined;
  }

  #begin(identity: SocketIdentity, wire: Wire): Connection {
    const connection = new Connection(this.#deps.newId(), identity, wire);
    this.#audience.add(connection);
    if (this.#audience.isLoaded(connection.userId)) this.#greet(connection);
    else {
      this.#loader.request(connection.userId);
      // While no database answers, a client is greeted all the same: the banner and the console live from events to
      // everybody. When its memberships are read at last, `#membershipsLoaded` lets it start anew.
      setTimeout(() => this.#greet(connection), greetLimitMs).unref();
    }
    return connection;
  }

  #greet(connection: Connection): void {
    if (connection.greeted || !connection.wire) return;
    this.#tell(connection, 'hello', {
      connection_id: connection.id,
      server_version: this.#deps.serverVersion(),
      server_hostname: hostname(),
    });
    const mode = this.#deps.databaseMode.current();
    if (mode.mode !== 'normal') this.#tell(connection, 'database_mode', mode);
  }

  #tell<N extends EventName>(connection: Connection, event: N, data: EventData<N>): void {
    connection.deliver(new EncodedEvent({ event, data, to: { connection_id: connection.id }, token: undefined }));
  }

  #membershipsLoaded(userId: string, memberships: Memberships): void {
    const isAsBefore = this.#audience.load(userId, memberships);
    for (const connection of [...this.#audience.connectionsOf(userId)]) {
      // Greeted without memberships: it may have missed events, so it must come back and read the state anew.
      if (connection.greeted && isAsBefore) continue;
      if (connection.greeted) this.#end(connection, 'resync');
      else this.#greet(connection);
    }
  }

  refreshMemberships(): void {
    for (const userId of this.#audience.expire()) this.#loader.request(userId);
  }

  watchDatabase(connection: Connection, watch: boolean): void {
    this.#databaseWatch.set(connection, watch);
  }

  isInChannel(userId: string, channelId: string): boolean {
    return this.#audience.isInChannel(userId, channelId);
  }

  connectedUsers(): string[] {
    const open = [...this.#audience.connections()].filter(({ wire }) => wire);
    return [...new Set(open.map(({ userId }) => userId))];
  }

  closeSession(sessionId: string): void {
    for (const connection of [...this.#audience.connections()]) {
      if (connection.caller.sessionId === sessionId) this.#end(connection, 'session_ended');
    }
  }

  closeUser(userId: string): void {
    for (const connection of [...this.#audience.connectionsOf(userId)]) this.#end(connection, 'session_ended');
  }

  closeEverybody(): void {
    for (const connection of [...this.#audience.connections()]) this.#end(connection, 'session_ended');
  }

  stats(): RealtimeStats {
    const sockets: Record<string, number> = {};
    let detached = 0;
    for (const { wire } of this.#audience.connections()) {
      if (wire) sockets[wire.transport] = (sockets[wire.transport] ?? 0) + 1;
      else detached += 1;
    }
    return { sockets, detached, ...this.#counts };
  }

  sweep(): void {
    const now = this.#deps.now();
    for (const connection of [...this.#audience.connections()]) {
      const { detachedAt, expiresAt, userId } = connection;
      if (detachedAt !== undefined && now - detachedAt > returnLimitMs) this.#forget(connection);
      // Not `session_ended`: the session may have been extended, which the client's return will show.
      else if (expiresAt > 0 && expiresAt <= now) this.#end(connection, 'resync');
      else if (!this.#audience.isLoaded(userId)) this.#loader.request(userId);
    }
  }

  start(): void {
    const timer = setInterval(() => this.sweep(), sweepIntervalMs).unref();
    const unsubscribe = this.#deps.databaseMode.subscribe((mode) => this.#modeChanged(mode));
    this.#stopping = [() => clearInterval(timer), unsubscribe];
  }

  stop(): void {
    for (const end of this.#stopping) end();
    this.#databaseWatch.stop();
    for (const connection of [...this.#audience.connections()]) this.#end(connection, 'stopping');
  }

  // All clients hear of the end of a switch in the same millisecond. So that they do not all send their outboxes in
  // the next one, they are told over how long to spread: a millisecond per connection, at most a second.
  #modeChanged(mode: DatabaseMode): void {
    const spread_ms = Math.min(1_000, this.#audience.size);
    this.publish({ event: 'database_mode', data: { ...mode, spread_ms }, to: {}, token: undefined });
  }

  #socketClosed(connection: Connection, wire: Wire): void {
    // A socket that was cut or taken over says goodbye late; its connection has gone on without it.
    if (connection.wire === wire) this.#detach(connection);
  }

  /** Closes the socket; the connection waits for its client's return. */
  #cut(connection: Connection, reason: CloseReason): void {
    const { wire } = connection;
    this.#detach(connection);
    wire?.close(reason);
  }

  /** Closes the socket and forgets the connection. */
  #end(connection: Connection, reason: CloseReason): void {
    const { wire } = connection;
    this.#forget(connection);
    wire?.close(reason);
  }

  #detach(connection: Connection): void {
    // Before `hello` there is nothing to come back to.
    if (!connection.greeted) this.#forget(connection);
    else {
      this.#loseWire(connection);
      this.#forgetOldest(connection.userId);
    }
  }

  #forget(connection: Connection): void {
    this.#loseWire(connection);
    this.#audience.remove(connection);
  }

  #loseWire(connection: Connection): void {
    this.#databaseWatch.set(connection, false);
    if (!connection.wire) return;
    connection.detach(this.#deps.now());
    if (!this.#hasSocket(connection.userId)) this.#deps.presence.disconnected(connection.userId);
  }

  #forgetOldest(userId: string): void {
    const lost = [...this.#audience.connectionsOf(userId)].filter((connection) => !connection.wire);
    if (lost.length <= detachedPerUser) return;
    const [oldest] = lost.sort((a, b) => (a.detachedAt ?? 0) - (b.detachedAt ?? 0));
    if (oldest) this.#forget(oldest);
  }

  #hasSocket(userId: string): boolean {
    for (const { wire } of this.#audience.connectionsOf(userId)) if (wire) return true;
    return false;
  }
}
