import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ground, Person, Room } from './ground.ts';
import { write } from './ground.ts';
import { rawCall } from './raw-http.ts';
import { RawSocket } from './raw-socket.ts';

/** What breaks clients of other languages before any feature is tested. The numbers are those of the guide. */
export function trapsContract(ground: () => Ground): void {
  describe('trap', () => {
    let ann: Person;
    let bob: Person;
    let room: Room;
    const sockets: RawSocket[] = [];
    beforeAll(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
      room = await ground().room(ann, bob);
    });
    afterEach(() => Promise.all(sockets.splice(0).map((socket) => socket.close())));

    const listen = async (who: Person): Promise<RawSocket> => {
      const socket = await RawSocket.signedIn(ground().url, who.client.getToken());
      sockets.push(socket);
      return socket;
    };
    const connect = async (): Promise<RawSocket> => {
      const socket = await RawSocket.open(ground().url);
      sockets.push(socket);
      return socket;
    };

    it('1: the content type is application/json and nothing more, of values, pages and refusals', async () => {
      for (const path of [
        '/users/me',
        `/channels/${room.channel.id}/posts`,
        '/users/short',
        '/nothing/here',
        '/system/ping',
      ])
        expect((await rawCall(ann.client, 'GET', path)).headers.get('content-type')).toBe('application/json');
      const stranger = await rawCall(ground().stranger(), 'GET', '/users/me');
      expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, 'application/json']);
    });

    it('2: a body without a content type is JSON, and no body is an empty one', async () => {
      const body = JSON.stringify({ channel_id: room.channel.id, message: 'from Go' });
      const made = await rawCall(ann.client, 'POST', '/posts', { body });
      expect([made.status, made.json]).toEqual([201, expect.objectContaining({ message: 'from Go' })]);
      const { id } = made.json as { id: string };
      expect((await rawCall(ann.client, 'POST', `/posts/${id}/pin`)).json).toEqual({ status: 'OK' });
      expect((await rawCall(ann.client, 'POST', '/users/ids', { body: '' })).status).toBe(400);
    });

    it('3: a body may be a bare value, and is refused in JSON where it does not fit', async () => {
      expect((await rawCall(ann.client, 'POST', '/users/ids', { body: `["${bob.id}"]` })).json).toMatchObject([
        { id: bob.id },
      ]);
      const { id } = await write(ann, room.channel.id, 'pin');
      expect((await rawCall(ann.client, 'POST', `/posts/${id}/unpin`, { body: 'null' })).status).toBe(200);
      for (const body of ['7', 'null', '"text"', 'true', '[]']) {
        const refused = await rawCall(ann.client, 'POST', '/posts', {
          body,
          headers: { 'content-type': 'application/json' },
        });
        expect([refused.status, refused.json]).toEqual([
          400,
          expect.objectContaining({ id: 'api.context.invalid_body_param.app_error', status_code: 400 }),
        ]);
      }
    });

    it('4: an empty If-None-Match asks for the whole answer, and the tag of a picture is a whole number or none', async () => {
      const headers = { 'if-none-match': '' };
      for (const path of ['/users/me', `/channels/${room.channel.id}/posts`, `/users/${ann.id}/image`])
        expect((await rawCall(ann.client, 'GET', path, { headers })).status).toBe(200);
      const { headers: picture } = await rawCall(ann.client, 'GET', `/users/${ann.id}/image`);
      expect(picture.get('etag') ?? '0').toMatch(/^\d+$/);
    });

    it('5: a login is answered by 200 and the header Token', async () => {
      const body = JSON.stringify({ login_id: ann.user.username, password: 'correct horse battery' });
      const answer = await rawCall(ground().stranger(), 'POST', '/users/login', { body });
      expect([answer.status, answer.headers.get('token')]).toEqual([200, expect.stringMatching(/^[a-z0-9]{26}$/)]);
      expect(answer.headers.get('set-cookie')).toBeNull();
    });

    it('6: numbers are numbers, flags are flags, maps hold texts, and an empty list is a list', async () => {
      const of = async (path: string) => (await rawCall(ann.client, 'GET', path)).json as Record<string, unknown>;
      const numbers = { member_count: expect.any(Number), pinnedpost_count: expect.any(Number) };
      expect(await of(`/channels/${room.channel.id}/stats`)).toMatchObject(numbers);
      expect(await of(`/channels/${room.channel.id}/members/me`)).toMatchObject({
        msg_count: expect.any(Number),
        last_viewed_at: expect.any(Number),
        scheme_user: true,
        scheme_admin: false,
      });
      const { props, notify_props, timezone } = (await of('/users/me')) as Record<string, object>;
      for (const map of [props, notify_props, timezone])
        for (const value of Object.values(map ?? {})) expect(value).toBeTypeOf('string');
      for (const path of ['/plugins/webapp', '/emoji', '/users?page=9000', '/users/me/channels'])
        expect(await of(path)).toBeInstanceOf(Array);
    });

    it('7: things inside of events are JSON texts, but the user is an object', async () => {
      const socket = await listen(ann);
      const post = await write(bob, room.channel.id, `@${ann.user.username}`);
      const { data } = await socket.next('posted');
      expect(JSON.parse(data['post'] as string)).toMatchObject({ id: post.id, user_id: bob.id });
      expect(JSON.parse(data['mentions'] as string)).toEqual([ann.id]);
      await ann.client.addReaction(ann.id, post.id, 'duck');
      expect(JSON.parse((await socket.next('reaction_added')).data['reaction'] as string)).toMatchObject({
        post_id: post.id,
      });
      await ann.client.savePreferences('me', [{ user_id: ann.id, category: 'c', name: 'n', value: 'v' }]);
      expect(JSON.parse((await socket.next('preferences_changed')).data['preferences'] as string)).toHaveLength(1);
      await ground().admin.client.patchChannel(room.channel.id, { header: 'new' });
      expect(JSON.parse((await socket.next('channel_updated')).data['channel'] as string)).toMatchObject({
        header: 'new',
      });
      await ground().admin.client.patchTeam({ id: room.team.id, description: 'new' });
      expect(JSON.parse((await socket.next('update_team')).data['team'] as string)).toMatchObject({ id: room.team.id });
      await ground().admin.client.updateTeamMemberSchemeRoles(room.team.id, ann.id, true, false);
      expect(JSON.parse((await socket.next('memberrole_updated')).data['member'] as string)).toMatchObject({
        user_id: ann.id,
      });
      await bob.client.patchMe({ nickname: 'Bobby' });
      expect((await socket.next('user_updated')).data['user']).toMatchObject({ id: bob.id, nickname: 'Bobby' });
    });

    it('8: omit_users of an event is null or a map, never a list', async () => {
      const socket = await listen(ann);
      await write(bob, room.channel.id, 'hear me');
      expect((await socket.next('posted')).broadcast['omit_users']).toBeNull();
      const body = JSON.stringify({ channel_id: room.channel.id });
      await rawCall(bob.client, 'POST', '/users/me/typing', { body });
      expect((await socket.next('typing')).broadcast['omit_users']).toEqual({ [bob.id]: true });
    });

    it('9: the root is a page and tells the version', async () => {
      const root = await rawCall(ground().stranger(), 'GET', '/');
      expect(root.headers.get('content-type')).toMatch(/^text\/html/);
      expect(root.headers.get('x-version-id')).toMatch(/^\d+\.\d+\.\d+\./);
    });

    it('10: what follows a challenge without waiting is answered in order', async () => {
      const socket = await connect();
      socket.send({ seq: 1, action: 'authentication_challenge', data: { token: ann.client.getToken() } });
      socket.send({ seq: 2, action: 'ping' });
      socket.send({ seq: 3, action: 'get_statuses_by_ids', data: { user_ids: [bob.id] } });
      await socket.until(() => socket.replies.length === 3);
      expect(socket.replies).toMatchObject([
        { status: 'OK', seq_reply: 1 },
        { status: 'OK', seq_reply: 2, data: { text: 'pong' } },
        { status: 'OK', seq_reply: 3, data: { [bob.id]: 'offline' } },
      ]);
    });

    it('11: events are numbered without a gap from hello = 0, and replies not at all', async () => {
      const socket = await listen(ann);
      for (let n = 0; n < 20; n += 1) await write(bob, room.channel.id, `post ${n}`);
      await socket.until(() => socket.heard('posted').length === 20);
      expect(socket.events[0]).toMatchObject({ event: 'hello', seq: 0 });
      expect(socket.events.map(({ seq }) => seq)).toEqual(socket.events.map((_, index) => index));
      expect(socket.replies.every((reply) => !('seq' in reply))).toBe(true);
    });

    it('12: the token of the cookie wins over that of the header', async () => {
      const headers = { cookie: `MMAUTHTOKEN=${bob.client.getToken()}` };
      expect((await rawCall(ann.client, 'GET', '/users/me', { headers })).json).toMatchObject({ id: bob.id });
    });

    it('13: a logout of nobody is answered by 200 and the version', async () => {
      const answer = await rawCall(ground().stranger(), 'POST', '/users/logout');
      expect([answer.status, answer.json]).toEqual([200, { status: 'OK' }]);
      expect(answer.headers.get('x-version-id')).toMatch(/^\d+\.\d+\.\d+\./);
    });

    it('14: a challenge may come as JSON in a binary frame', async () => {
      const socket = await connect();
      const challenge = { seq: 1, action: 'authentication_challenge', data: { token: ann.client.getToken() } };
      socket.send(Buffer.from(JSON.stringify(challenge)));
      await socket.next('hello');
      expect(socket.replies).toMatchObject([{ status: 'OK', seq_reply: 1 }]);
    });
  });
}
