import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '@mattermost/types/channels';
import type { UserProfile } from '@mattermost/types/users';
import { type Ground, type Person, type Room, write } from './ground.ts';
import { rawCall } from './raw-http.ts';
import { RawSocket } from './raw-socket.ts';
import { refusal } from './watched-client.ts';

const unknownRoot = '400 api.post.create_post.root_id.app_error';

/** What small clones of Mattermost get wrong. The numbers are those of the guide. */
export function cloneMistakesContract(ground: () => Ground): void {
  describe('point', () => {
    let ann: Person;
    let bob: Person;
    let room: Room;
    const sockets: RawSocket[] = [];
    beforeEach(async () => {
      [ann, bob] = (await ground().people('ann', 'bob')) as [Person, Person];
      room = await ground().room(ann, bob);
      for (const { client } of [ann, bob]) await client.viewMyChannel(room.channel.id);
    });
    afterEach(() => Promise.all(sockets.splice(0).map((socket) => socket.close())));

    const listen = async (who: Person): Promise<RawSocket> => {
      const socket = await RawSocket.signedIn(ground().url, who.client.getToken());
      sockets.push(socket);
      return socket;
    };
    const member = (who: Person, channel: Channel = room.channel) => who.client.getMyChannelMember(channel.id);
    const unread = async (who: Person, channel: Channel = room.channel) =>
      (await rawCall(who.client, 'GET', `/users/me/channels/${channel.id}/unread`)).json;
    const post = (who: Person, message: string, rootId = '') => write(who, room.channel.id, message, rootId);

    it('1: a reply has a root that is there, in its channel and no reply; the root counts as changed', async () => {
      const root = await post(ann, 'root');
      const reply = await post(bob, 'reply', root.id);
      expect(await refusal(post(ann, 'deeper', reply.id))).toBe(unknownRoot);
      const elsewhere = await ground().channel(room.team, [ann]);
      expect(await refusal(write(ann, elsewhere.id, 'elsewhere', root.id))).toBe(unknownRoot);
      expect(await refusal(post(ann, 'nothing', 'z'.repeat(26)))).toBe(unknownRoot);
      const now = await ann.client.getPost(root.id);
      expect(now).toMatchObject({ reply_count: 1, last_reply_at: reply.create_at, participants: [{ id: bob.id }] });
      expect(now.update_at).toBeGreaterThan(root.update_at);
      const { posts } = await ann.client.getPostsSince(room.channel.id, root.update_at + 1);
      expect(posts[root.id]).toMatchObject({ reply_count: 1 });
      await ann.client.deletePost(root.id);
      expect(await refusal(post(bob, 'late', root.id))).toBe(unknownRoot);
    });

    it('2: the totals of a channel never go down, and comings and goings do not touch them', async () => {
      const made = await post(ann, 'one');
      const before = await ann.client.getChannel(room.channel.id);
      await ann.client.patchPost({ id: made.id, message: 'edited' });
      await ann.client.deletePost(made.id);
      await bob.client.removeFromChannel(bob.id, room.channel.id);
      await bob.client.addToChannel(bob.id, room.channel.id);
      const after = await ann.client.getChannel(room.channel.id);
      expect(after.total_msg_count).toBe(before.total_msg_count);
      expect(after.total_msg_count_root).toBe(before.total_msg_count_root);
      expect(after.last_post_at).toBeGreaterThanOrEqual(before.last_post_at);
    });

    it('3: a member counts what was read, an unread what was not', async () => {
      const before = (await member(bob)).msg_count;
      for (const message of ['one', 'two']) await post(ann, message);
      expect(await member(bob)).toMatchObject({ msg_count: before });
      expect(await unread(bob)).toMatchObject({ msg_count: 2, msg_count_root: 2, mention_count: 0 });
      await Promise.all(Array.from({ length: 5 }, () => bob.client.viewMyChannel(room.channel.id)));
      expect(await member(bob)).toMatchObject({ msg_count: before + 2 });
      expect(await unread(bob)).toMatchObject({ msg_count: 0, msg_count_root: 0 });
    });

    it('4: the own message is read at once', async () => {
      await post(ann, 'mine');
      expect(await unread(ann)).toMatchObject({ msg_count: 0, msg_count_root: 0 });
      expect(await unread(bob)).toMatchObject({ msg_count: 1 });
    });

    it('5: a mention is a whole word in any case, everybody where that is wanted, and nothing inside of code', async () => {
      const name = bob.user.username;
      const mentions = async (message: string) => {
        await bob.client.viewMyChannel(room.channel.id);
        await post(ann, message);
        return (await member(bob)).mention_count;
      };
      expect(await mentions(`hi @${name.toUpperCase()}!`)).toBe(1);
      for (const message of [`x@${name}`, `@${name}x`, `\`@${name}\``, `\`\`\`\n@${name}\n\`\`\``, 'nobody'])
        expect(await mentions(message), message).toBe(0);
      for (const word of ['@channel', '@all']) expect(await mentions(`${word} look`)).toBe(1);
      const direct = await ann.client.createDirectChannel([ann.id, bob.id]);
      await write(ann, direct.id, 'no name at all');
      expect(await member(bob, direct)).toMatchObject({ mention_count: 1 });
      const mute = { channel_id: room.channel.id, user_id: bob.id, mark_unread: 'mention' };
      await bob.client.viewMyChannel(room.channel.id);
      await bob.client.updateChannelNotifyProps(mute);
      await post(ann, 'quiet');
      const teamUnread = (await bob.client.getMyTeamUnreads()).find(({ team_id }) => team_id === room.team.id);
      expect(teamUnread).toMatchObject({ msg_count: 0 });
    });

    it('6: both pairs of counts are there, for posts and for roots', async () => {
      const root = await post(ann, 'root');
      await bob.client.viewMyChannel(room.channel.id);
      await post(ann, `@${bob.user.username}`, root.id);
      expect(await unread(bob)).toMatchObject({
        msg_count: 1,
        msg_count_root: 0,
        mention_count: 1,
        mention_count_root: 0,
      });
      expect(await member(bob)).toMatchObject({ mention_count: 1, mention_count_root: 0, urgent_mention_count: 0 });
    });

    it('7: an edit keeps the id and puts the old text into a row of its own, which no list shows', async () => {
      const made = await post(ann, 'old words');
      const { total_msg_count } = await ann.client.getChannel(room.channel.id);
      const edited = await ann.client.patchPost({ id: made.id, message: 'new words' });
      expect(edited).toMatchObject({ id: made.id, original_id: '', edit_at: expect.any(Number) });
      expect(edited.edit_at).toBeGreaterThan(0);
      const [old] = await ann.client.getPostEditHistory(made.id);
      expect(old).toMatchObject({ message: 'old words', original_id: made.id });
      expect(old?.delete_at).toBeGreaterThan(0);
      const { order } = await bob.client.getPosts(room.channel.id, 0, 200);
      expect(order).not.toContain(old?.id);
      expect(await ann.client.getChannel(room.channel.id)).toMatchObject({ total_msg_count });
      const pinned = await post(ann, 'pin');
      await ann.client.pinPost(pinned.id);
      expect(await ann.client.getPost(pinned.id)).toMatchObject({ edit_at: 0, is_pinned: true });
    });

    it('8: a deletion takes the replies along, and a list since then tells of it', async () => {
      const root = await post(ann, 'root');
      const [first, second] = [await post(bob, 'first', root.id), await post(bob, 'second', root.id)];
      await bob.client.deletePost(first.id);
      expect(await ann.client.getPost(root.id)).toMatchObject({ reply_count: 1 });
      await ann.client.deletePost(root.id);
      for (const id of [root.id, first.id, second.id]) expect(await refusal(bob.client.getPost(id))).toMatch(/^404 /);
      const { posts } = await bob.client.getPostsSince(room.channel.id, root.create_at);
      for (const id of [root.id, second.id]) expect(posts[id]).toMatchObject({ message: '' });
      expect(posts[second.id]?.delete_at).toBeGreaterThan(0);
      expect((await bob.client.getPosts(room.channel.id, 0, 200)).order).not.toContain(root.id);
    });

    it('9: an archived channel is read, and written no more', async () => {
      const made = await post(ann, 'before');
      await ground().admin.client.deleteChannel(room.channel.id);
      expect(await refusal(post(ann, 'late'))).toBe('400 api.post.create_post.can_not_post_to_deleted.error');
      expect(await refusal(ann.client.addReaction(ann.id, made.id, 'duck'))).toMatch(/^40[03] /);
      const late = await ground().person('late');
      await ground().admin.client.addToTeam(room.team.id, late.id);
      expect(await refusal(late.client.addToChannel(late.id, room.channel.id))).toMatch(/^40[03] /);
      expect((await ann.client.getPosts(room.channel.id, 0, 60)).order).toContain(made.id);
      expect(await ann.client.getPost(made.id)).toMatchObject({ message: 'before' });
    });

    it('10: a direct channel is named after both ids and made once, however many ask; a group by their hash', async () => {
      const asked = [ann, bob, ann, bob].map(({ client }, index) =>
        client.createDirectChannel(index % 2 === 0 ? [ann.id, bob.id] : [bob.id, ann.id]),
      );
      const made = await Promise.all(asked);
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made[0]).toMatchObject({ name: [ann.id, bob.id].toSorted().join('__'), display_name: '' });
      const self = await ann.client.createDirectChannel([ann.id, ann.id]);
      expect(self.name).toBe(`${ann.id}__${ann.id}`);
      const ids = [ann.id, bob.id, ground().admin.id].toSorted();
      const { name } = await ann.client.createGroupChannel(ids);
      expect(name).toBe(createHash('sha1').update(ids.join('')).digest('hex'));
    });

    it('11: a direct channel is of no team, and in the list of each', async () => {
      const direct = await ann.client.createDirectChannel([ann.id, bob.id]);
      expect(direct.team_id).toBe('');
      expect((await ann.client.getMyChannels(room.team.id)).map(({ id }) => id)).toContain(direct.id);
      expect((await ann.client.getMyChannelMembers(room.team.id)).map((own) => own.channel_id)).toContain(direct.id);
    });

    it('12: roles are names with spaces between, the explicit ones beside all', async () => {
      await ground().admin.client.updateTeamMemberSchemeRoles(room.team.id, ann.id, true, true);
      const inTeam = await ann.client.getTeamMember(room.team.id, 'me');
      expect(inTeam.roles.split(' ').toSorted()).toEqual(['team_admin', 'team_user']);
      expect(inTeam).toMatchObject({ scheme_admin: true, scheme_user: true, explicit_roles: '' });
      expect(await member(ann)).toMatchObject({ roles: 'channel_user', explicit_roles: '' });
      expect(ground().admin.user.roles.split(' ').toSorted()).toEqual(['system_admin', 'system_user']);
    });

    it('13: others see of a user what is theirs to see, in answers and in events', async () => {
      const secret = ['password', 'auth_data', 'mfa_secret', 'notify_props'];
      const keysOf = (shown: object) => Object.keys(shown).filter((key) => secret.includes(key));
      expect(keysOf(await ann.client.getUser(bob.id))).toEqual([]);
      expect(keysOf(await ann.client.getMe())).toEqual(['notify_props']);
      const socket = await listen(ann);
      await bob.client.patchMe({ position: 'Pilot' });
      expect(keysOf((await socket.next('user_updated')).data['user'] as UserProfile)).toEqual([]);
    });

    it('14: a post is told to the members, its author too, and no more to who was removed', async () => {
      const stranger = await ground().person('cat');
      const [author, other, outsider] = [await listen(ann), await listen(bob), await listen(stranger)];
      await post(ann, 'hear');
      for (const socket of [author, other])
        expect((await socket.next('posted')).data['channel_name']).toBe(room.channel.name);
      await ground().admin.client.removeFromChannel(bob.id, room.channel.id);
      expect((await other.next('user_removed')).data).toMatchObject({ channel_id: room.channel.id });
      const last = await post(ann, 'alone');
      await author.until(() => author.heard('posted').some(({ data }) => String(data['post']).includes(last.id)));
      // A later event of their own shows that nothing else was on its way.
      for (const [who, socket] of [
        [bob, other],
        [stranger, outsider],
      ] as const) {
        await who.client.savePreferences('me', [{ user_id: who.id, category: 'c', name: 'n', value: 'v' }]);
        await socket.next('preferences_changed');
        expect(socket.heard('posted').some(({ data }) => String(data['post']).includes(last.id))).toBe(false);
      }
      expect(outsider.heard('posted')).toEqual([]);
    });

    it('15: comings, goings and changes are posts of the server with what they need to be shown', async () => {
      await ground().admin.client.patchChannel(room.channel.id, { header: 'Ships' });
      await bob.client.removeFromChannel(bob.id, room.channel.id);
      await bob.client.addToChannel(bob.id, room.channel.id);
      const { posts } = await ann.client.getPosts(room.channel.id, 0, 60);
      const ofType = (type: string) => Object.values(posts).find((shown) => shown.type === (type as typeof shown.type));
      expect(ofType('system_header_change')?.props).toMatchObject({
        new_header: 'Ships',
        username: expect.any(String),
      });
      expect(ofType('system_join_channel')?.props).toMatchObject({ username: bob.user.username });
      expect(ofType('system_leave_channel')?.props).toMatchObject({ username: bob.user.username });
      expect(ofType('system_add_to_channel')?.props).toMatchObject({ addedUserId: expect.any(String) });
      // Only the change of the header is something to read.
      expect(await unread(ann)).toMatchObject({ msg_count: 1 });
    });

    it('16: joining a team brings its two channels, leaving it takes all of them, and town-square stays', async () => {
      const mine = await ann.client.getMyChannels(room.team.id);
      expect(mine.map(({ name }) => name)).toEqual(expect.arrayContaining(['town-square', 'off-topic']));
      const square = mine.find(({ name }) => name === 'town-square');
      expect(await refusal(ann.client.removeFromChannel(ann.id, square?.id ?? ''))).toMatch(/^400 /);
      await ann.client.removeFromTeam(room.team.id, ann.id);
      const { client } = ground().admin;
      for (const { id } of mine) expect(await refusal(client.getChannelMember(id, ann.id))).toMatch(/^404 /);
    });

    it('17: the neighbours of a page say whether there is more', async () => {
      const first = await post(ann, 'a');
      for (const message of ['b', 'c', 'd']) await post(ann, message);
      const { client } = bob;
      const page = await client.getPosts(room.channel.id, 0, 2);
      expect(page.next_post_id).toBe('');
      expect((await client.getPosts(room.channel.id, 1, 2)).order[0]).toBe(page.prev_post_id);
      expect((await client.getPosts(room.channel.id, 0, 200)).prev_post_id).toBe('');
      const since = await client.getPostsSince(room.channel.id, first.create_at);
      expect([since.next_post_id, since.prev_post_id]).toEqual(['', '']);
    });

    it('18: a patch changes what it names, clears what is empty and replaces props as a whole', async () => {
      const made = await ann.client.createPost({ channel_id: room.channel.id, message: 'm', props: { a: 1, b: 2 } });
      expect(await ann.client.patchPost({ id: made.id, props: { c: 3 } })).toMatchObject({ message: 'm' });
      expect((await ann.client.getPost(made.id)).props).toEqual({ c: 3 });
      await ann.client.patchMe({ nickname: 'Annie', position: 'Pilot' });
      expect(await ann.client.patchMe({ nickname: '' })).toMatchObject({ nickname: '', position: 'Pilot' });
    });

    it('19: whatever is asked twice is done once', async () => {
      const asked = { channel_id: room.channel.id, message: 'once', pending_post_id: `${ann.id}:1` };
      const made = await Promise.all([1, 2, 3].map(() => ann.client.createPost(asked)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const id = made[0]?.id ?? '';
      const marks = [
        await ann.client.addReaction(ann.id, id, 'duck'),
        await ann.client.addReaction(ann.id, id, 'duck'),
      ];
      expect(marks[0]).toMatchObject({ emoji_name: 'duck', post_id: id });
      expect(await ann.client.getReactionsForPost(id)).toHaveLength(1);
      expect(await ann.client.addToChannel(bob.id, room.channel.id)).toMatchObject({ user_id: bob.id });
      expect(await ground().admin.client.addToTeam(room.team.id, bob.id)).toMatchObject({ user_id: bob.id });
    });

    it('20: a page of nothing and a page behind the end are empty lists, and a lone question mark is no matter', async () => {
      const { client } = ann;
      const { json: all } = await rawCall(client, 'GET', '/users?');
      expect((all as unknown[]).length).toBeGreaterThan(1);
      for (const path of [
        '/users?page=9000',
        `/channels/${room.channel.id}/members?page=9000`,
        `/teams/${room.team.id}/channels?page=9000`,
      ]) {
        const answer = await rawCall(client, 'GET', path);
        expect([answer.status, answer.json]).toEqual([200, []]);
      }
      expect((await rawCall(client, 'GET', '/users?per_page=0')).status).toBe(200);
      expect((await rawCall(client, 'GET', `/channels/${room.channel.id}/posts?page=9000`)).json).toMatchObject({
        order: [],
        posts: {},
      });
    });

    it('21: posts of one moment have an order, so no page loses or doubles one', async () => {
      const made = await Promise.all(
        Array.from({ length: 30 }, (_, n) => post(n % 2 === 0 ? ann : bob, `at once ${n}`)),
      );
      const seen: string[] = [];
      for (let page = 0; page < 20; page += 1)
        seen.push(...(await ann.client.getPosts(room.channel.id, page, 3)).order);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    });

    it('22: viewing no channel is leaving the app: nothing of it is read', async () => {
      await post(ann, 'unread');
      expect(await bob.client.viewMyChannel('')).toMatchObject({ status: 'OK' });
      expect(await unread(bob)).toMatchObject({ msg_count: 1 });
    });

    it('23: a user is online while a socket is open, and what they have chosen stays', async () => {
      const status = async (who: Person) => (await ground().admin.client.getStatus(who.id)).status;
      const sockets = [await listen(bob), await listen(bob)];
      await expect.poll(() => status(bob)).toBe('online');
      await sockets[0]?.close();
      expect(await status(bob)).toBe('online');
      await bob.client.updateStatus({ user_id: bob.id, status: 'dnd' });
      await sockets[1]?.close();
      await expect.poll(() => status(bob)).toBe('dnd');
      const last = await listen(ann);
      await expect.poll(() => status(ann)).toBe('online');
      await last.close();
      await expect.poll(() => status(ann)).toBe('offline');
    });

    it('24: a tag begins with the version of the server, so that none outlives another one', async () => {
      for (const path of ['/users', '/users/me', `/channels/${room.channel.id}/posts`]) {
        const first = await rawCall(ann.client, 'GET', path);
        const version = first.headers.get('x-version-id') ?? '';
        const tag = first.headers.get('etag') ?? '';
        expect(tag.startsWith(`${version}.`), `${path}: ${tag}`).toBe(true);
        const again = (asked: string) => rawCall(ann.client, 'GET', path, { headers: { 'if-none-match': asked } });
        expect((await again(tag)).status, path).toBe(304);
        expect((await again(tag.replace(version, '0.0.0'))).status, path).toBe(200);
      }
    });
  });
}
