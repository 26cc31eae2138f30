import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ServerEvent, socketEventName, socketPath, type SocketAnswer } from '../../../contract/index.ts';
import { silentLogger } from '../../observability/index.ts';
import type { AppError, SessionAuthenticator } from '../../services/index.ts';
import { createActionHandler } from '../actions.ts';
import type { Memberships } from '../audience.ts';
import { hubWith } from '../testing/index.ts';
import type { SocketTransport } from '../socket-transport.ts';
import { createSocketIoTransport } from './transport.ts';

const annId = 'a'.repeat(26);
const benId = 'b'.repeat(26);
const lobbyId = 'c'.repeat(26);
const memberships: Memberships = { teamIds: [], channels: [{ id: lobbyId, teamId: '' }] };
/** The tests' session tokens are the users' ids. */
const sessions: SessionAuthenticator = {
  authenticate: (token) =>
    token === annId || token === benId
      ? { id: `s-${token}`, userId: token, roles: token === annId ? ['system_admin'] : [], csrf: '', expiresAt: 0 }
      : undefined,
};

const refusal = (error: unknown, requestId: string) => {
  const { id, message, status } = error as AppError;
  return { id, message, detailed_error: '', request_id: requestId, status_code: status };
};

let server: Server;
let transport: SocketTransport;
let setup: ReturnType<typeof hubWith>;
let reports: unknown[][];
const clients: Socket[] = [];

beforeEach(async () => {
  setup = hubWith({ [annId]: memberships, [benId]: memberships });
  reports = [];
  const statuses = {
    list: async (_caller: unknown, ids: readonly string[]) =>
      ids.map((id) => ({ user_id: id, status: 'away' as const, manual: false, last_activity_at: 0 })),
    report: (...report: unknown[]) => void reports.push(report),
  };
  transport = createSocketIoTransport({
    hub: setup.hub,
    actions: createActionHandler({ hub: setup.hub, statuses, refusal }),
    refusal,
    originRules: () => ({ siteUrl: '', allowCorsFrom: '' }),
    sessions,
    causality: { of: () => ({ token: undefined, raise: () => {} }) },
    now: () => setup.clock.now,
    logger: silentLogger,
  });
  server = createServer((_request, response) => response.end('not a socket'));
  transport.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  setup.hub.stop();
  transport.close();
  server.close();
  server.closeAllConnections();
});

type ClientOptions = Partial<ManagerOptions & SocketOptions>;

/** A client with the events that it has received. */
function connect(token: string, options: ClientOptions = {}) {
  const { port } = server.address() as AddressInfo;
  const socket = io(`http://127.0.0.1:${port}`, {
    path: socketPath,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { Authorization: `Bearer ${token}` },
    ...options,
  });
  clients.push(socket);
  const events: ServerEvent[] = [];
  socket.on(socketEventName, (event: ServerEvent) => events.push(event));
  const received = (count: number) => vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(count));
  const ask = (action: string, data: unknown) => socket.emitWithAck(action, data) as Promise<SocketAnswer>;
  const connectionId = () => (events[0] as ServerEvent<'hello'>).data.connection_id;
  return { socket, events, received, ask, connectionId };
}

/** The arguments of the next `event` of a client's socket. */
const happens = (socket: Socket, event: 'connect_error' | 'disconnect') =>
  new Promise<unknown[]>((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)));

function post(text: string): void {
  setup.hub.publish({ event: 'post_edited', data: { post: text }, to: { channel_id: lobbyId }, token: undefined });
}

const postsOf = (events: readonly ServerEvent[]) =>
  events.filter(({ event }) => event === 'post_edited').map(({ data }) => (data as { post: string }).post);

describe.each([
  ['websocket', ['websocket']],
  ['polling', ['polling']],
  ['polling, then an upgrade in the midst of events', ['polling', 'websocket']],
])('over %s', (_name, transports) => {
  it('every event arrives once, in order, with contiguous seq, whatever it contains', async () => {
    const client = connect(annId, { transports });
    await client.received(1);
    const texts = Array.from({ length: 120 }, (_, i) => `${i} "ä" 日本 🎉 \\ ${'x'.repeat(i * 7)}`);
    for (const text of texts) {
      post(text);
      if (texts.indexOf(text) % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await client.received(121);
    expect(postsOf(client.events)).toEqual(texts);
    expect(client.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 121 }, (_, i) => i));
  });
});

describe('the handshake', () => {
  it('takes the session cookie as well', async () => {
    const client = connect('', { extraHeaders: { Cookie: `MMAUTHTOKEN=${benId}` } });
    await client.received(1);
    expect(client.events[0]?.event).toBe('hello');
  });

  it('refuses without a session, and says so in the error shape', async () => {
    const { socket } = connect('nobody');
    const [error] = (await happens(socket, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ id: 'api.context.session_expired.app_error', status_code: 401 });
  });

  it('refuses a page of another site', async () => {
    const { socket } = connect(annId, {
      extraHeaders: { Authorization: `Bearer ${annId}`, Origin: 'https://evil.example' },
    });
    await happens(socket, 'connect_error');
    expect(setup.hub.stats().sockets).toEqual({});
  });

  it('refuses a malformed connection id', async () => {
    const { socket } = connect(annId, { auth: { connection_id: 'x', sequence_number: 1 } });
    const [error] = (await happens(socket, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ status_code: 400 });
  });

  it('leaves other requests of the server alone', async () => {
    const { port } = server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/api/v4/users`)).text()).toBe('not a socket');
  });
});

describe('a client that comes back', () => {
  it('gets what it missed and no hello', async () => {
    const first = connect(annId);
    await first.received(1);
    first.socket.disconnect();
    await vi.waitFor(() => expect(setup.hub.stats().detached).toBe(1));
    post('missed 1');
    post('missed 2');
    const back = connect(annId, { auth: { connection_id: first.connectionId(), sequence_number: 1 } });
    await back.received(2);
    post('new');
    await back.received(3);
    expect(postsOf(back.events)).toEqual(['missed 1', 'missed 2', 'new']);
    expect(back.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('actions', () => {
  it('typing goes to the others in the channel, not to its author', async () => {
    const ann = connect(annId);
    const ben = connect(benId);
    await Promise.all([ann.received(1), ben.received(1)]);
    expect(await ann.ask('user_typing', { channel_id: lobbyId, parent_id: '' })).toEqual({ status: 'OK' });
    await ben.received(2);
    expect(ben.events[1]).toMatchObject({ event: 'typing', data: { user_id: annId, parent_id: '' } });
    expect(ann.events).toHaveLength(1);
  });

  it('typing in a foreign channel is refused', async () => {
    const ann = connect(annId);
    await ann.received(1);
    expect(await ann.ask('user_typing', { channel_id: 'd'.repeat(26) })).toMatchObject({
      status: 'FAIL',
      error: { id: 'api.context.permissions.app_error', status_code: 403 },
    });
  });

  it('statuses are told as a map, activity is reported', async () => {
    const ann = connect(annId);
    await ann.received(1);
    expect(await ann.ask('get_statuses_by_ids', { user_ids: [benId] })).toEqual({
      status: 'OK',
      data: { [benId]: 'away' },
    });
    await ann.ask('user_update_active_status', { user_is_active: false });
    expect(reports).toEqual([[annId, false, false]]);
  });

  it('only admins may watch the databases', async () => {
    const ann = connect(annId);
    const ben = connect(benId);
    await Promise.all([ann.received(1), ben.received(1)]);
    expect(await ben.ask('watch_database', {})).toMatchObject({ status: 'FAIL', error: { status_code: 403 } });
    expect(await ann.ask('watch_database', {})).toEqual({ status: 'OK' });
    await ann.received(2);
    expect(ann.events[1]).toMatchObject({ event: 'database_status', data: { generation: 7 } });
  });

  it.each([
    ['an unknown action', 'fly', {}, 500, 'api.web_socket_router.bad_action.app_error'],
    ['a name of Object', 'constructor', {}, 500, 'api.web_socket_router.bad_action.app_error'],
    ['bad data', 'user_typing', { channel_id: 7 }, 400, 'api.context.invalid_body_param.app_error'],
    ['no data', 'get_statuses_by_ids', null, 400, 'api.context.invalid_body_param.app_error'],
  ])('%s is refused by name', async (_name, action, data, status, id) => {
    const ann = connect(annId);
    await ann.received(1);
    expect(await ann.ask(action, data)).toMatchObject({ status: 'FAIL', error: { id, status_code: status } });
  });

  it('are refused when they come faster than a client would send them', async () => {
    const ann = connect(annId);
    await ann.received(1);
    const answers = await Promise.all(
      Array.from({ length: 63 }, () => ann.ask('user_update_active_status', { user_is_active: true })),
    );
    const refused = answers.filter(({ status }) => status === 'FAIL');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ error: { id: 'api.context.rate_limited.app_error', status_code: 429 } });
    expect(reports.length + refused.length).toBe(63);
  });

  it('a message above 8 KB ends the connection', async () => {
    const ann = connect(annId);
    await ann.received(1);
    ann.socket.emit('user_typing', { channel_id: lobbyId, parent_id: 'x'.repeat(9_000) });
    await happens(ann.socket, 'disconnect');
    await vi.waitFor(() => expect(setup.hub.stats().sockets).toEqual({}));
  });
});

describe('the server closes', () => {
  it('for good when the session ends: the client does not come back', async () => {
    const ann = connect(annId, { reconnection: true });
    await ann.received(1);
    const gone = happens(ann.socket, 'disconnect');
    setup.hub.closeSession(`s-${annId}`);
    expect((await gone)[0]).toBe('io server disconnect');
    expect(ann.socket.active).toBe(false);
  });

  it('in a way that the client comes back by itself, for every other reason', async () => {
    const ann = connect(annId, { reconnection: true, reconnectionDelay: 10 });
    await ann.received(1);
    setup.hub.stop();
    await ann.received(2);
    expect(ann.events[1]?.event).toBe('hello');
  });
});
