import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerEvent, socketEventName, socketPath, type SocketAnswer } from '../../../contract/index.ts';
import {
  annId,
  postsOf,
  received,
  startTransport,
  type TransportClient,
  type TransportServer,
  type Visit,
} from '../testing/transport-server.ts';
import { transportContract } from '../transport.contract.ts';
import { createSocketIoTransport } from './transport.ts';

type ClientOptions = Partial<ManagerOptions & SocketOptions>;

/** A client with the events that it has received. */
function connect(
  port: number,
  { token, headers, resume }: Visit,
  options: ClientOptions = {},
): TransportClient & { readonly socket: Socket } {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: socketPath,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
    ...(resume && { auth: { connection_id: resume.connectionId, sequence_number: resume.sequenceNumber } }),
    ...options,
  });
  const events: ServerEvent[] = [];
  let isClosed = false;
  socket.on(socketEventName, (event: ServerEvent) => events.push(event));
  for (const name of ['disconnect', 'connect_error'] as const) socket.on(name, () => (isClosed = true));
  return {
    socket,
    events,
    ask: (action, data) => socket.emitWithAck(action, data) as Promise<SocketAnswer>,
    send: (action, data) => void socket.emit(action, data),
    leave: () => void socket.disconnect(),
    isClosed: () => isClosed,
  };
}

describe('socket.io, as every transport,', () => transportContract({ create: createSocketIoTransport, connect }));

describe('socket.io alone', () => {
  let server: TransportServer;
  const clients: TransportClient[] = [];

  beforeEach(async () => {
    server = await startTransport(createSocketIoTransport);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.leave();
    server.stop();
  });

  function open(visit: Visit, options: ClientOptions = {}) {
    const client = connect(server.port, visit, options);
    clients.push(client);
    return client;
  }
  /** The arguments of the next `event` of a client's socket. */
  const happens = (socket: Socket, event: 'connect_error' | 'disconnect') =>
    new Promise<unknown[]>((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)));

  it.each([
    ['polling', ['polling']],
    ['polling, then an upgrade in the midst of events', ['polling', 'websocket']],
  ])('over %s every event arrives once, in order, with contiguous seq', async (_name, transports) => {
    const client = open({ token: annId }, { transports });
    await received(client, 1);
    const texts = Array.from({ length: 120 }, (_, i) => `${i} "ä" 日本 🎉 \\ ${'x'.repeat(i * 7)}`);
    for (const [i, text] of texts.entries()) {
      server.post(text);
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await received(client, 121);
    expect(postsOf(client)).toEqual(texts);
    expect(client.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 121 }, (_, i) => i));
  });

  it('sends the writer’s token with an event', async () => {
    const client = open({ token: annId });
    await received(client, 1);
    server.post('hello', '7.1.AB');
    await received(client, 2);
    expect(client.events[1]).toMatchObject({ token: '7.1.AB' });
    expect(server.raised).toEqual([]);
  });

  it('refuses a handshake without a session in the shape of the API', async () => {
    const { socket } = open({ token: 'nobody' });
    const [error] = (await happens(socket, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ id: 'api.context.session_expired.app_error', status_code: 401 });
  });

  it('says what is wrong with a handshake', async () => {
    const { socket } = open({ token: annId, resume: { connectionId: 'x', sequenceNumber: 1 } });
    const [error] = (await happens(socket, 'connect_error')) as [Error & { data: unknown }];
    expect(error.data).toMatchObject({ status_code: 400 });
  });

  it('lets no client come back whose session has ended', async () => {
    const ann = open({ token: annId }, { reconnection: true });
    await received(ann, 1);
    const gone = happens(ann.socket, 'disconnect');
    server.hub.closeSession(`s-${annId}`);
    expect((await gone)[0]).toBe('io server disconnect');
    expect(ann.socket.active).toBe(false);
  });

  it('lets the client come back by itself after every other end', async () => {
    const ann = open({ token: annId }, { reconnection: true, reconnectionDelay: 10 });
    await received(ann, 1);
    server.hub.stop();
    await received(ann, 2);
    expect(ann.events[1]?.event).toBe('hello');
  });
});
