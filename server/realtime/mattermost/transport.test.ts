import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseError } from '../../database/index.ts';
import type { SocketTransport, TransportDeps } from '../socket-transport.ts';
import {
  annId,
  benId,
  connectionIdOf,
  eventually,
  postsOf,
  received,
  startTransport,
  type TransportServer,
  type Visit,
} from '../testing/transport-server.ts';
import { connectWebSocket, type WebSocketClient } from '../testing/web-socket-client.ts';
import { transportContract } from '../transport.contract.ts';
import { createMattermostTransport } from './transport.ts';
import { defaultGrants } from '../../services/index.ts';

describe('the websocket, as every transport,', () =>
  transportContract({ create: createMattermostTransport, connect: connectWebSocket }));

let server: TransportServer;
const clients: WebSocketClient[] = [];

beforeEach(async () => {
  server = await startTransport(createMattermostTransport);
});
afterEach(() => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.leave();
  server.stop();
});

function open(visit: Visit = {}, query = ''): WebSocketClient {
  const client = connectWebSocket(server.port, visit, query);
  clients.push(client);
  return client;
}
async function join(token: string): Promise<WebSocketClient> {
  const client = open({ token });
  await received(client, 1);
  return client;
}
const challenge = (token: unknown, seq = 1) => ({ seq, action: 'authentication_challenge', data: { token } });
const answered = ({ replies }: WebSocketClient, count: number) =>
  eventually(() => expect(replies.length).toBeGreaterThanOrEqual(count));
const opened = ({ socket }: WebSocketClient) => once(socket, 'open');

describe('a challenge', () => {
  it.each([
    ['a text frame', false],
    ['a binary frame, as the Python driver sends it', true],
  ])('in %s signs in: first its answer, then hello', async (_name, binary) => {
    const client = open();
    client.request(challenge(annId), { binary });
    await received(client, 1);
    expect(client.messages).toMatchObject([
      { status: 'OK', seq_reply: 1 },
      { event: 'hello', seq: 0 },
    ]);
  });

  it('and what follows it without waiting are handled in order', async () => {
    let letIn = (): void => {};
    server.stop();
    server = await startTransport(createMattermostTransport, {
      sessions: {
        grants: () => defaultGrants,
        authenticate: (token) =>
          new Promise((resolve) => {
            letIn = () => resolve({ id: 's', userId: token, roles: [], csrf: '', expiresAt: 0 });
          }),
      },
    });
    const client = open();
    client.request(challenge(annId));
    client.request({ seq: 2, action: 'ping' });
    await opened(client);
    await eventually(() => {
      letIn();
      expect(client.replies).toHaveLength(2);
    });
    expect(client.replies).toMatchObject([
      { status: 'OK', seq_reply: 1 },
      { status: 'OK', seq_reply: 2, data: { text: 'pong' } },
    ]);
  });

  it('resumes the connection that the address names', async () => {
    const first = open();
    first.request(challenge(annId));
    await received(first, 1);
    first.leave();
    await eventually(() => expect(server.hub.stats().detached).toBe(1));
    server.post('missed');
    const back = open({ resume: { connectionId: connectionIdOf(first), sequenceNumber: 1 } });
    back.request(challenge(annId));
    await received(back, 1);
    expect(back.messages).toMatchObject([{ seq_reply: 1 }, { event: 'post_edited', seq: 1 }]);
  });

  it.each([
    ['of nobody', 'nobody'],
    ['that is no text', 7],
    ['that is missing', undefined],
  ])('with a token %s ends the socket', async (_name, token) => {
    const client = open();
    client.request(challenge(token));
    expect(await client.end).toEqual([1008, 'not signed in']);
    expect(client.messages).toEqual([]);
  });

  it('of somebody who is signed in is ignored, whoever’s token it has', async () => {
    const client = await join(annId);
    client.request(challenge(benId));
    client.request({ seq: 2, action: 'ping' });
    await answered(client, 1);
    expect(client.replies).toMatchObject([{ seq_reply: 2 }]);
    expect(server.presence).toEqual([`+${annId}`]);
  });

  it('after a bad token of the handshake signs in', async () => {
    const client = open({ token: 'expired' });
    client.request(challenge(annId));
    await received(client, 1);
    expect(client.events[0]?.event).toBe('hello');
  });

  it('that cannot be judged because no database answers asks the client to come back', async () => {
    server.stop();
    const down = new DatabaseError('down', { kind: 'unreachable', outcome: 'not-executed' });
    const sessions = { grants: () => defaultGrants, authenticate: () => Promise.reject(down) };
    server = await startTransport(createMattermostTransport, { sessions });
    const client = open();
    client.request(challenge(annId));
    expect(await client.end).toEqual([1013, 'try again later']);
  });
});

describe('without a session', () => {
  it('everything but a challenge is refused, and no event comes', async () => {
    const client = open();
    client.request({ seq: 1, action: 'get_statuses' });
    await answered(client, 1);
    server.post('secret');
    client.request({ seq: 2, action: 'ping' });
    await answered(client, 2);
    const refused = { id: 'api.web_socket_router.not_authenticated.app_error', status_code: 401 };
    expect(client.messages).toMatchObject([
      { status: 'FAIL', error: refused, seq_reply: 1 },
      { status: 'FAIL', error: refused, seq_reply: 2 },
    ]);
  });

  it('a socket is closed after five seconds, one with a session is not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stranger = open();
    const ann = open({ token: annId });
    await Promise.all([opened(stranger), once(ann.socket, 'message')]);
    vi.advanceTimersByTime(4_900);
    expect(stranger.socket.readyState).toBe(stranger.socket.OPEN);
    vi.advanceTimersByTime(200);
    expect(await stranger.end).toEqual([1008, 'not signed in']);
    expect(await ann.ask('ping', {})).toMatchObject({ status: 'OK' });
  });

  it('a token in the address is refused', async () => {
    expect((await open({}, `?access_token=${annId}`).end)[0]).toBe(401);
  });
});

describe('a handshake', () => {
  it.each([
    ['a malformed connection id', '?connection_id=x&sequence_number=1', 400],
    ['an id without a number', `?connection_id=${annId}`, 400],
    ['a number that is none', `?connection_id=${annId}&sequence_number=x`, 400],
  ])('with %s is refused', async (_name, query, status) => {
    expect((await open({ token: annId }, query).end)[0]).toBe(status);
  });

  it('of a page of another site is refused', async () => {
    const foreign = open({ token: annId, headers: { Origin: 'https://evil.example' } });
    expect((await foreign.end)[0]).toBe(403);
  });

  it('with what clients of Mattermost add to the address is taken', async () => {
    const client = open({ token: annId }, '?connection_id=&sequence_number=0&posted_ack=true&disconnect_err_code=1006');
    await received(client, 1);
    expect(client.events[0]?.event).toBe('hello');
  });
});

describe('the shape on the wire', () => {
  it('is Mattermost’s: nothing more, in text frames', async () => {
    const client = await join(annId);
    server.post('{"id":"x"}', '7.1.AB');
    await received(client, 2);
    expect(client.messages[1]).toEqual({
      event: 'post_edited',
      data: { post: '{"id":"x"}' },
      broadcast: {
        omit_users: null,
        user_id: '',
        channel_id: expect.any(String) as string,
        team_id: '',
        connection_id: '',
        omit_connection_id: '',
      },
      seq: 1,
    });
  });

  it('lacks the token, which the server remembers for the user instead', async () => {
    await join(annId);
    server.post('one', '7.1.AB');
    server.post('two', '7.1.AB');
    server.post('three', '7.1.AC');
    expect(server.raised).toEqual([`${annId} 7.1.AB`, `${annId} 7.1.AC`]);
  });

  it.each([
    ['no action', { seq: 1 }, 'api.web_socket_router.no_action.app_error'],
    ['no seq', { action: 'ping' }, 'api.web_socket_router.bad_seq.app_error'],
    ['a seq of zero', { seq: 0, action: 'ping' }, 'api.web_socket_router.bad_seq.app_error'],
  ])('of a request with %s is refused', async (_name, request, id) => {
    const client = await join(annId);
    client.request(request);
    await answered(client, 1);
    expect(client.replies[0]).toMatchObject({ status: 'FAIL', error: { id, status_code: 400, detailed_error: '' } });
  });

  it.each([
    ['text that is no JSON', 'hello'],
    ['JSON that is no request', '[1]'],
    ['an action that is no text', '{"seq":1,"action":7}'],
    ['bytes', Buffer.from([0xc1, 0x00, 0xff])],
  ])('%s ends the socket', async (_name, data) => {
    const client = await join(annId);
    client.request(data, { binary: Buffer.isBuffer(data) });
    expect(await client.end).toEqual([1007, 'not a request']);
  });
});

describe('a peer', () => {
  it('is pinged twice a minute, and taken for dead when nothing came back meanwhile', async () => {
    server.stop();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    server = await startTransport(createMattermostTransport);
    const living = await join(annId);
    const dead = await join(benId);
    const pings = vi.fn();
    living.socket.on('ping', pings);
    // A machine that has lost its network: what it is sent stays unread, and it says nothing.
    dead.socket.pause();
    vi.advanceTimersByTime(30_000);
    await eventually(() => expect(pings).toHaveBeenCalledTimes(1));
    await settledPong(living);
    vi.advanceTimersByTime(30_000);
    await eventually(() => expect(server.hub.stats()).toMatchObject({ sockets: { websocket: 1 }, detached: 1 }));
    dead.socket.resume();
    expect((await dead.end)[0]).toBe(1006);
    server.post('for the living');
    await received(living, 2);
    expect(postsOf(living)).toEqual(['for the living']);
  });

  it('that does not read is cut, and gets everything when it is back', async () => {
    const client = await join(annId);
    client.socket.pause();
    const texts = Array.from({ length: 100 }, (_, i) => `${i} ${'x'.repeat(200_000)}`);
    for (const text of texts) {
      server.post(text);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.hub.stats()).toMatchObject({ sockets: {}, detached: 1, slowTotal: 1 });
    const back = open({ token: annId, resume: { connectionId: connectionIdOf(client), sequenceNumber: 1 } });
    await received(back, 100);
    expect(postsOf(back)).toEqual(texts);
  });

  it('may ask nothing more after it was told to go', async () => {
    const client = await join(annId);
    client.socket.pause();
    server.hub.closeUser(annId);
    client.send('user_update_active_status', { user_is_active: true });
    client.socket.resume();
    expect(await client.end).toEqual([1008, 'the session has ended']);
    expect(server.reports).toEqual([]);
  });

  it('that sends more than gets done is closed', async () => {
    server.stop();
    server = await startTransport(createMattermostTransport, { actions: () => new Promise(() => {}), now: ticking() });
    const client = await join(annId);
    for (let i = 0; i < 80; i += 1) client.send('ping', {});
    expect(await client.end).toEqual([1008, 'too many requests']);
  });
});

describe('beside other things on one server', () => {
  it('an upgrade to somewhere else is not its business', async () => {
    const tcp = connectTcp(server.port, '127.0.0.1');
    tcp.write('GET /api/v4/websockets HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const client = await join(annId);
    expect(client.events).toHaveLength(1);
    expect(tcp.bytesRead).toBe(0);
    tcp.destroy();
  });

  it('new sockets are refused while the server stops', async () => {
    server.stop();
    let transport: SocketTransport | undefined;
    server = await startTransport((deps: TransportDeps) => (transport = createMattermostTransport(deps)));
    const client = await join(annId);
    transport?.close();
    expect(await client.end).toEqual([1001, 'the server stops']);
    expect((await open({ token: annId }).end)[0]).toBe(503);
  });
});

/** The server has heard the pong: a request that is answered came after it. */
const settledPong = (client: WebSocketClient) => client.ask('ping', {});

/** A clock with which no rate is ever exceeded. */
function ticking(): () => number {
  let now = 0;
  return () => (now += 1_000);
}
