import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import type { ServerEvent, SocketAnswer } from '../../../contract/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { defaultGrants, type AppError, type OutgoingEvent, type SessionAuthenticator } from '../../services/index.ts';
import { createActionHandler } from '../actions.ts';
import type { Memberships } from '../audience.ts';
import type { SocketTransport, TransportDeps } from '../socket-transport.ts';
import { hubWith } from './index.ts';

/** Two people who are in one channel; ann is an admin. Their session tokens are their ids. */
export const annId = 'a'.repeat(26);
export const benId = 'b'.repeat(26);
export const lobbyId = 'c'.repeat(26);
const memberships: Memberships = { teamIds: [], channels: [{ id: lobbyId, teamId: '' }] };

const sessions: SessionAuthenticator = {
  grants: () => defaultGrants,
  authenticate: (token) =>
    token === annId || token === benId
      ? { id: `s-${token}`, userId: token, roles: token === annId ? ['system_admin'] : [], csrf: '', expiresAt: 0 }
      : undefined,
};

const refusal = (error: unknown, requestId: string) => {
  const { id, message, status } = error as AppError;
  return { id, message, detailed_error: '', request_id: requestId, status_code: status };
};

/** A real server with a hub and one transport to it. */
export interface TransportServer extends ReturnType<typeof hubWith> {
  readonly port: number;
  readonly reports: unknown[][];
  /** What users were told of, by the server's own memory of it: `user token`. */
  readonly raised: string[];
  post(text: string, token?: string): void;
  stop(): void;
}

export async function startTransport(
  create: (deps: TransportDeps) => SocketTransport,
  over: Partial<TransportDeps> = {},
): Promise<TransportServer> {
  const setup = hubWith({ [annId]: memberships, [benId]: memberships });
  const { hub, clock } = setup;
  const reports: unknown[][] = [];
  const raised: string[] = [];
  const statuses = {
    list: async (_caller: unknown, ids: readonly string[]) =>
      ids.map((id) => ({ user_id: id, status: 'away' as const, manual: false, last_activity_at: 0 })),
    report: (...report: unknown[]) => void reports.push(report),
  };
  const now = () => clock.now;
  const transport = create({
    hub,
    actions: createActionHandler({ hub, statuses, refusal, apiVersion: '9.11.0', now }),
    refusal,
    originRules: () => ({ siteUrl: '', allowCorsFrom: '' }),
    sessions,
    causality: {
      of: (userId) => ({ token: undefined, raise: (token) => void raised.push(`${userId} ${token}`) }),
    },
    now,
    logger: silentLogger,
    ...over,
  });
  const server = createServer((_request, response) => response.end('not a socket'));
  transport.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = (text: string, token?: string): void =>
    hub.publish({
      event: 'post_edited',
      data: { post: text },
      to: { channel_id: lobbyId },
      token: token as OutgoingEvent['token'],
    });
  const stop = (): void => {
    hub.stop();
    transport.close();
    server.close();
    server.closeAllConnections();
  };
  return { ...setup, port, reports, raised, post, stop };
}

export interface Visit {
  /** By the `Authorization` header; default: none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resume?: { readonly connectionId: string; readonly sequenceNumber: number };
}

/** A client of a transport, as far as the transports are alike. */
export interface TransportClient {
  readonly events: ServerEvent[];
  ask(action: string, data: unknown): Promise<SocketAnswer>;
  /** Sends without waiting for an answer. */
  send(action: string, data: unknown): void;
  leave(): void;
  /** Whether the socket is closed, by whomever. */
  isClosed(): boolean;
}

/** Waits for a condition that a busy machine may take its time for. */
export const eventually = <T>(check: () => T): Promise<Awaited<T>> =>
  vi.waitFor(check, { timeout: 20_000 }) as Promise<Awaited<T>>;

export const received = ({ events }: Pick<TransportClient, 'events'>, count: number): Promise<void> =>
  eventually(() => {
    if (events.length < count) throw new Error(`${events.length} of ${count} events`);
  });

export const connectionIdOf = ({ events }: Pick<TransportClient, 'events'>): string =>
  (events[0] as ServerEvent<'hello'>).data.connection_id;

export const postsOf = ({ events }: Pick<TransportClient, 'events'>): string[] =>
  events.filter(({ event }) => event === 'post_edited').map(({ data }) => (data as { post: string }).post);
