import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SocketTransport, TransportDeps } from './socket-transport.ts';
import {
  annId,
  benId,
  connectionIdOf,
  eventually,
  lobbyId,
  postsOf,
  received,
  startTransport,
  type TransportClient,
  type TransportServer,
  type Visit,
} from './testing/transport-server.ts';

/** A transport and how its clients connect. */
export interface TransportUnderTest {
  readonly create: (deps: TransportDeps) => SocketTransport;
  readonly connect: (port: number, visit: Visit) => TransportClient;
}

let server: TransportServer;
let connect: TransportUnderTest['connect'];
const clients: TransportClient[] = [];

function open(token: string, visit: Visit = {}): TransportClient {
  const client = connect(server.port, token === '' ? visit : { token, ...visit });
  clients.push(client);
  return client;
}

/** A client that has been greeted. */
async function join(token: string): Promise<TransportClient> {
  const client = open(token);
  await received(client, 1);
  return client;
}

const expectClosed = (client: TransportClient) => eventually(() => expect(client.isClosed()).toBe(true));

/** What every way to the hub promises, over real sockets. */
export function transportContract(transport: TransportUnderTest): void {
  beforeEach(async () => {
    ({ connect } = transport);
    server = await startTransport(transport.create);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.leave();
    server.stop();
  });
  tellsOfEvents();
  resumes();
  checksHandshakes();
  doesWhatIsAsked();
  refusesActions();
  closes();
}

function tellsOfEvents(): void {
  describe('events', () => {
    it('arrive once, in order, with contiguous seq, whatever they contain', async () => {
      const client = await join(annId);
      const texts = Array.from({ length: 120 }, (_, i) => `${i} "ä" 日本 🎉 \\ ${'x'.repeat(i * 7)}`);
      for (const [i, text] of texts.entries()) {
        server.post(text);
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await received(client, 121);
      expect(postsOf(client)).toEqual(texts);
      expect(client.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 121 }, (_, i) => i));
    });

    it('begin with hello, with the id of the connection and the version of the server', async () => {
      const client = await join(annId);
      expect(client.events[0]).toMatchObject({
        event: 'hello',
        data: { connection_id: expect.stringMatching(/^[a-z0-9]{26}$/) as string, server_version: '5.39.0' },
        seq: 0,
      });
    });

    it('are sent to a client of the session cookie as well', async () => {
      const client = open('', { headers: { Cookie: `MMAUTHTOKEN=${benId}` } });
      await received(client, 1);
      expect(client.events[0]?.event).toBe('hello');
    });
  });
}

function resumes(): void {
  describe('events that were missed', () => {
    it('come to a client that is back, without a hello', async () => {
      const first = await join(annId);
      first.leave();
      await eventually(() => expect(server.hub.stats().detached).toBe(1));
      server.post('missed 1');
      server.post('missed 2');
      const back = open(annId, { resume: { connectionId: connectionIdOf(first), sequenceNumber: 1 } });
      await received(back, 2);
      server.post('new');
      await received(back, 3);
      expect(postsOf(back)).toEqual(['missed 1', 'missed 2', 'new']);
      expect(back.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });

    it('are too many: the client begins anew, under a new id', async () => {
      const first = await join(annId);
      first.leave();
      await eventually(() => expect(server.hub.stats().detached).toBe(1));
      for (let i = 0; i < 129; i += 1) server.post(String(i));
      const back = open(annId, { resume: { connectionId: connectionIdOf(first), sequenceNumber: 1 } });
      await received(back, 1);
      expect(back.events[0]).toMatchObject({ event: 'hello', seq: 0 });
      expect(connectionIdOf(back)).not.toBe(connectionIdOf(first));
    });

    it('none, for a socket that comes back before the old one is known to be lost', async () => {
      const first = await join(annId);
      const back = open(annId, { resume: { connectionId: connectionIdOf(first), sequenceNumber: 1 } });
      await expectClosed(first);
      server.post('new');
      await received(back, 1);
      expect(back.events.map(({ seq }) => seq)).toEqual([1]);
    });
  });
}

function checksHandshakes(): void {
  describe('a handshake', () => {
    it('of a page of another site is refused', async () => {
      const client = open(annId, { headers: { Origin: 'https://evil.example' } });
      await expectClosed(client);
      expect(server.hub.stats().sockets).toEqual({});
      expect(client.events).toEqual([]);
    });

    it('with a malformed connection id is refused', async () => {
      const client = open(annId, { resume: { connectionId: 'x', sequenceNumber: 1 } });
      await expectClosed(client);
      expect(client.events).toEqual([]);
    });

    it('leaves other requests of the server alone', async () => {
      expect(await (await fetch(`http://127.0.0.1:${server.port}/api/v4/users`)).text()).toBe('not a socket');
    });
  });
}

function doesWhatIsAsked(): void {
  describe('actions', () => {
    it('typing goes to the others in the channel, not to its author', async () => {
      const ann = await join(annId);
      const ben = await join(benId);
      expect(await ann.ask('user_typing', { channel_id: lobbyId, parent_id: '' })).toEqual({ status: 'OK' });
      await received(ben, 2);
      expect(ben.events[1]).toMatchObject({ event: 'typing', data: { user_id: annId, parent_id: '' } });
      expect(ann.events).toHaveLength(1);
    });

    it('typing in a foreign channel is refused', async () => {
      const ann = await join(annId);
      expect(await ann.ask('user_typing', { channel_id: 'd'.repeat(26) })).toMatchObject({
        status: 'FAIL',
        error: { id: 'api.context.permissions.app_error', status_code: 403 },
      });
    });

    it('statuses are told as a map, activity is reported', async () => {
      const ann = await join(annId);
      await join(benId);
      const dan = 'd'.repeat(26);
      expect(await ann.ask('get_statuses_by_ids', { user_ids: [dan] })).toEqual({
        status: 'OK',
        data: { [dan]: 'away' },
      });
      const everybody = { status: 'OK', data: { [annId]: 'away', [benId]: 'away' } };
      expect(await ann.ask('get_statuses', null)).toEqual(everybody);
      await ann.ask('user_update_active_status', { user_is_active: false });
      expect(server.reports).toEqual([[annId, false, false]]);
    });

    it('a ping is answered with the time and the version', async () => {
      const ann = await join(annId);
      expect(await ann.ask('ping', undefined)).toEqual({
        status: 'OK',
        data: { text: 'pong', version: '9.11.0', server_time: server.clock.now, node_id: '' },
      });
    });

    it('what is only noted is answered', async () => {
      const ann = await join(annId);
      expect(await ann.ask('presence', { channel_id: lobbyId })).toEqual({ status: 'OK' });
      expect(await ann.ask('posted_notify_ack', { post_id: 'x' })).toEqual({ status: 'OK' });
    });

    it('only admins may watch the databases', async () => {
      const ann = await join(annId);
      const ben = await join(benId);
      expect(await ben.ask('watch_database', {})).toMatchObject({ status: 'FAIL', error: { status_code: 403 } });
      expect(await ann.ask('watch_database', {})).toEqual({ status: 'OK' });
      await received(ann, 2);
      expect(ann.events[1]).toMatchObject({ event: 'database_status', data: { generation: 7 } });
    });
  });
}

function refusesActions(): void {
  describe('actions', () => {
    it.each([
      ['an unknown action', 'fly', {}, { status_code: 500, id: 'api.web_socket_router.bad_action.app_error' }],
      ['a name of Object', 'constructor', {}, { status_code: 500, id: 'api.web_socket_router.bad_action.app_error' }],
      [
        'bad data',
        'user_typing',
        { channel_id: 7 },
        { status_code: 400, id: 'api.context.invalid_body_param.app_error' },
      ],
      ['no data', 'get_statuses_by_ids', null, { status_code: 400, id: 'api.context.invalid_body_param.app_error' }],
    ])('%s is refused by name', async (_name, action, data, error) => {
      const ann = await join(annId);
      expect(await ann.ask(action, data)).toMatchObject({ status: 'FAIL', error });
    });

    it('are refused when they come faster than a client would send them', async () => {
      const ann = await join(annId);
      const answers = await Promise.all(
        Array.from({ length: 63 }, () => ann.ask('user_update_active_status', { user_is_active: true })),
      );
      const refused = answers.filter(({ status }) => status === 'FAIL');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]).toMatchObject({ error: { id: 'api.context.rate_limited.app_error', status_code: 429 } });
      expect(server.reports.length + refused.length).toBe(63);
    });

    it('a message above 8 KB ends the socket', async () => {
      const ann = await join(annId);
      ann.send('user_typing', { channel_id: lobbyId, parent_id: 'x'.repeat(9_000) });
      await expectClosed(ann);
      await eventually(() => expect(server.hub.stats().sockets).toEqual({}));
    });
  });
}

function closes(): void {
  describe('the server closes a socket', () => {
    it('when the session ends: nothing of it can be resumed', async () => {
      const ann = await join(annId);
      server.hub.closeSession(`s-${annId}`);
      await expectClosed(ann);
      expect(server.hub.stats()).toMatchObject({ sockets: {}, detached: 0 });
    });

    it('when it stops', async () => {
      const ann = await join(annId);
      server.stop();
      await expectClosed(ann);
    });
  });
}
