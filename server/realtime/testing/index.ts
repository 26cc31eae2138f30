import type { DatabaseMode, DatabaseStatus, EventName, ServerEvent } from '../../../contract/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { defaultGrants, type Caller, newId } from '../../services/index.ts';
import type { Memberships } from '../audience.ts';
import type { CloseReason, SocketIdentity, Wire } from '../connection.ts';
import type { EncodedEvent } from '../encoded-event.ts';
import { createHub, type HubDeps } from '../hub.ts';

/** A socket in memory: what arrived, and how full its queue pretends to be. */
export class MemoryWire implements Wire {
  readonly transport = 'memory';
  readonly received: ServerEvent[] = [];
  readonly encoded: EncodedEvent[] = [];
  fullness = 0;
  closedFor: CloseReason | undefined;

  send(event: EncodedEvent, seq: number): void {
    this.encoded.push(event);
    this.received.push(JSON.parse(event.text(seq)) as ServerEvent);
  }

  close(reason: CloseReason): void {
    this.closedFor = reason;
  }

  get names(): EventName[] {
    return this.received.map(({ event }) => event);
  }

  get seqs(): number[] {
    return this.received.map(({ seq }) => seq);
  }
}

/** The identity of a user's session; without `over` a plain user's. */
export function identityOf(userId: string, over: Partial<Caller> & { expiresAt?: number } = {}): SocketIdentity {
  const { expiresAt = 0, ...caller } = over;
  return {
    expiresAt,
    grants: () => defaultGrants,
    caller: {
      userId,
      sessionId: `session-of-${userId}`,
      roles: ['system_user'],
      grants: defaultGrants,
      causality: { token: undefined, raise: () => {} },
      requestId: '',
      address: '127.0.0.1',
      connectionId: '',
      ...caller,
    },
  };
}

/** A hub whose users' memberships stand in a table, with what it told its neighbours. */
export function hubWith(memberships: Record<string, Partial<Memberships>> = {}, over: Partial<HubDeps> = {}) {
  const presence: string[] = [];
  let mode: DatabaseMode = { mode: 'normal', reason: '', since: 0 };
  const listeners = new Set<(mode: DatabaseMode) => void>();
  const clock = { now: 1_000_000 };
  const hub = createHub({
    memberships: async (userId) => ({ teamIds: [], channels: [], ...memberships[userId] }),
    presence: {
      connected: (userId) => presence.push(`+${userId}`),
      disconnected: (userId) => presence.push(`-${userId}`),
      observe: () => {},
    },
    databaseMode: {
      current: () => mode,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    databaseStatus: () => ({ generation: 7 }) as DatabaseStatus,
    serverVersion: () => '5.39.0',
    newId,
    now: () => clock.now,
    logger: silentLogger,
    ...over,
  });
  const setMode = (next: DatabaseMode): void => {
    mode = next;
    for (const listener of listeners) listener(next);
  };
  return { hub, presence, clock, setMode };
}

/** Lets promises that are already settled run their continuations. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
