import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MattermostListener } from '../../../tools/holdfast/mattermost-listener.ts';
import { annId, eventually, lobbyId, startTransport, type TransportServer } from '../testing/transport-server.ts';
import { createMattermostTransport } from './transport.ts';

let server: TransportServer;
let listener: MattermostListener;

/** A post of ann, told of as the services do. */
function publish(id: string): void {
  const post = JSON.stringify({ id, channel_id: lobbyId, user_id: annId, message: id, type: '' });
  const channel = { channel_type: 'O', channel_display_name: 'Lobby', channel_name: 'lobby', team_id: '' };
  const data = { post, ...channel, sender_name: '@ann', set_online: true };
  server.hub.publish({ event: 'posted', data, to: { channel_id: lobbyId }, token: undefined });
}

const heard = (): string[] => listener.posts(lobbyId).map(({ id }) => id);
const greeted = (times: number) => eventually(() => expect(listener.heard('hello')).toHaveLength(times));
const isAway = () => eventually(() => expect(server.hub.stats().detached).toBe(1));

beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  server = await startTransport(createMattermostTransport);
  listener = new MattermostListener(`http://127.0.0.1:${server.port}`, annId);
  await greeted(1);
});
afterEach(() => {
  listener.close();
  server.stop();
  vi.restoreAllMocks();
});

it('signs in by a challenge, is answered and hears of posts in order', async () => {
  expect(await listener.statusesOf([annId])).toMatchObject({ status: 'OK', data: { [annId]: 'away' } });
  for (const id of ['one', 'two', 'three']) publish(id);
  await eventually(() => expect(heard()).toEqual(['one', 'two', 'three']));
});

it('comes back by itself to what it missed, again and again, without reading anew', async () => {
  const ids: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    listener.loseNetwork();
    await isAway();
    for (let n = 0; n < 20; n += 1) {
      ids.push(`${round}.${n}`);
      publish(`${round}.${n}`);
    }
    listener.findNetwork();
    await eventually(() => expect(heard()).toEqual(ids));
  }
  expect(listener).toMatchObject({ missed: 0, cuts: 5 });
  expect(listener.heard('hello')).toHaveLength(1);
});

it('goes on when its network changes before the server notices', async () => {
  publish('one');
  await eventually(() => expect(heard()).toEqual(['one']));
  listener.cut();
  publish('two');
  await eventually(() => expect(heard()).toEqual(['one', 'two']));
  expect(listener.missed).toBe(0);
});

it('is told to read anew when more was missed than is kept, and hears everything from then on', async () => {
  listener.loseNetwork();
  await isAway();
  for (let n = 0; n < 129; n += 1) publish(String(n));
  listener.findNetwork();
  await greeted(2);
  expect(listener.missed).toBe(1);
  publish('after');
  await eventually(() => expect(heard()).toEqual(['after']));
});
