import { beforeAll, describe, expect, it } from 'vitest';
import type { Channel, ChannelsWithTotalCount } from '@mattermost/types/channels';
import { type Ground, type Person, type Room, unique, write } from './ground.ts';
import { refusal } from './watched-client.ts';

const ids = (channels: readonly Channel[]): string[] => channels.map(({ id }) => id);

/** Making, finding, joining, reading and leaving channels. */
export function channelsContract(ground: () => Ground): void {
  describe('channels', () => {
    let ann: Person;
    let bob: Person;
    let cat: Person;
    let room: Room;
    beforeAll(async () => {
      [ann, bob, cat] = (await ground().people('ann', 'bob', 'cat')) as [Person, Person, Person];
      room = await ground().room(ann, bob);
      await ground().admin.client.addToTeam(room.team.id, cat.id);
    });

    it('are made of each kind; direct ones a second time are the same', async () => {
      const { client } = ann;
      const name = unique('deck');
      const asked = { team_id: room.team.id, name, display_name: 'Deck', type: 'O' } as const;
      expect(await client.createChannel(asked)).toMatchObject({
        name,
        type: 'O',
        creator_id: ann.id,
        total_msg_count: 0,
      });
      expect(await refusal(client.createChannel(asked))).toBe('400 store.sql_channel.save_channel.exists.app_error');
      expect(await client.createChannel({ ...asked, name: unique('cabin'), type: 'P' })).toMatchObject({ type: 'P' });
      const direct = await client.createDirectChannel([ann.id, bob.id]);
      expect(direct).toMatchObject({
        type: 'D',
        team_id: '',
        display_name: '',
        name: [ann.id, bob.id].toSorted().join('__'),
      });
      expect((await bob.client.createDirectChannel([bob.id, ann.id])).id).toBe(direct.id);
      const group = await client.createGroupChannel([ann.id, bob.id, cat.id]);
      expect(group).toMatchObject({ type: 'G', team_id: '', name: expect.stringMatching(/^[0-9a-f]{40}$/) });
      expect((await cat.client.createGroupChannel([cat.id, ann.id, bob.id])).id).toBe(group.id);
    });

    it('are found by id, by name and in lists', async () => {
      const { client } = ann;
      const { team, channel } = room;
      expect((await client.getChannel(channel.id)).id).toBe(channel.id);
      expect((await client.getChannelByName(team.id, channel.name)).id).toBe(channel.id);
      expect((await client.getChannelByNameAndTeamName(team.name, channel.name, true)).id).toBe(channel.id);
      expect(await refusal(client.getChannel('z'.repeat(26)))).toBe('404 app.channel.get.existing.app_error');
      expect(ids(await client.getChannels(team.id, 0, 200))).toContain(channel.id);
      expect(ids(await client.getMyChannels(team.id))).toContain(channel.id);
      expect((await client.getMyChannels(team.id)).map(({ name }) => name)).toContain('town-square');
      expect(ids(await client.getAllTeamsChannels())).toContain(channel.id);
      expect(ids(await client.autocompleteChannels(team.id, channel.name))).toEqual([channel.id]);
      expect(ids(await client.autocompleteChannelsForSearch(team.id, channel.name))).toEqual([channel.id]);
      expect(ids(await client.searchChannels(team.id, channel.name))).toEqual([channel.id]);
      expect(await client.searchGroupChannels(cat.user.username)).toMatchObject([{ type: 'G' }]);
    });

    it('are listed for the System Console', async () => {
      const { client } = ground().admin;
      const { channel } = room;
      const all = await client.getAllChannels(0, 200, '', false, false, false, false, false, false);
      expect(ids(all)).toContain(channel.id);
      const counted = await client.getAllChannels(0, 1, '', false, true, false, false, false, false);
      expect(counted).toMatchObject({ channels: [{}], total_count: expect.any(Number) });
      expect(ids(await client.searchAllChannels(channel.name, undefined))).toEqual([channel.id]);
      const page: ChannelsWithTotalCount = await client.searchAllChannels(channel.name, { page: 0, per_page: 5 });
      expect(page).toMatchObject({ total_count: 1, channels: [{ id: channel.id, team_name: room.team.name }] });
    });

    it('are changed: a patch leaves alone what it does not name', async () => {
      const { client } = ground().admin;
      const { channel } = room;
      await client.patchChannel(channel.id, { header: 'Ships', purpose: 'Sailing' });
      expect(await client.patchChannel(channel.id, { header: '' })).toMatchObject({ header: '', purpose: 'Sailing' });
      const whole = { ...(await client.getChannel(channel.id)), display_name: 'Quay' };
      expect(await client.updateChannel(whole)).toMatchObject({ display_name: 'Quay', purpose: 'Sailing' });
      expect(await client.updateChannelPrivacy(channel.id, 'P')).toMatchObject({ type: 'P' });
      expect(await client.updateChannelPrivacy(channel.id, 'O')).toMatchObject({ type: 'O' });
    });

    it('know their members, and each member what is set', async () => {
      const { client } = ann;
      const { team, channel } = room;
      const members = (await client.getChannelMembers(channel.id, 0, 60)).map(({ user_id }) => user_id);
      expect(members).toEqual(expect.arrayContaining([ann.id, bob.id]));
      expect(await client.getMyChannelMember(channel.id)).toMatchObject({ user_id: ann.id, roles: 'channel_user' });
      expect(await client.getChannelMember(channel.id, bob.id)).toMatchObject({ user_id: bob.id });
      expect(await refusal(client.getChannelMember(channel.id, cat.id))).toBe(
        '404 app.channel.get_member.missing.app_error',
      );
      expect(await client.getChannelMembersByIds(channel.id, [bob.id])).toHaveLength(1);
      expect((await client.getMyChannelMembers(team.id)).map(({ channel_id }) => channel_id)).toContain(channel.id);
      expect((await client.getAllChannelsMembers('me', 0, 200)).length).toBeGreaterThan(3);
      await client.updateChannelNotifyProps({ channel_id: channel.id, user_id: ann.id, mark_unread: 'mention' });
      expect((await client.getMyChannelMember(channel.id)).notify_props.mark_unread).toBe('mention');
      await client.updateChannelNotifyProps({ channel_id: channel.id, user_id: ann.id, mark_unread: 'all' });
      expect(await client.getChannelTimezones(channel.id)).toBeInstanceOf(Array);
    });

    it('count', async () => {
      const { channel } = room;
      expect(await ann.client.getChannelStats(channel.id)).toMatchObject({ member_count: 3, pinnedpost_count: 0 });
      expect(await ann.client.getChannelStats(channel.id, true)).toMatchObject({ files_count: 0 });
      expect(await ann.client.getChannelsMemberCount([channel.id])).toEqual({ [channel.id]: 3 });
      expect(await ann.client.getChannelMemberCountsByGroup(channel.id, true)).toEqual([]);
    });

    it('take in people, give roles, and let them go', async () => {
      const { client } = ground().admin;
      const { channel } = room;
      expect(await cat.client.addToChannel(cat.id, channel.id)).toMatchObject({ user_id: cat.id, mention_count: 0 });
      expect(await client.addToChannel(cat.id, channel.id)).toMatchObject({ user_id: cat.id });
      expect(await client.addToChannels([bob.id, cat.id], channel.id)).toHaveLength(2);
      await client.updateChannelMemberSchemeRoles(channel.id, cat.id, true, true);
      expect(await client.getChannelMember(channel.id, cat.id)).toMatchObject({ scheme_admin: true });
      await client.updateChannelMemberRoles(channel.id, cat.id, 'channel_user');
      expect(await client.getChannelMember(channel.id, cat.id)).toMatchObject({ scheme_admin: false });
      await cat.client.removeFromChannel(cat.id, channel.id);
      expect(await refusal(client.getChannelMember(channel.id, cat.id))).toMatch(/^404 /);
      const square = await client.getChannelByName(room.team.id, 'town-square');
      expect(await refusal(cat.client.removeFromChannel(cat.id, square.id))).toMatch(/^400 /);
    });

    it('are viewed and marked read', async () => {
      const { channel } = room;
      await ann.client.viewMyChannel(channel.id);
      const { create_at } = await write(bob, channel.id, `@${ann.user.username}`);
      const member = () => ann.client.getMyChannelMember(channel.id);
      expect(await member()).toMatchObject({ mention_count: 1, mention_count_root: 1, urgent_mention_count: 0 });
      const viewed = await ann.client.viewMyChannel(channel.id);
      expect(viewed.last_viewed_at_times[channel.id]).toBeGreaterThanOrEqual(create_at);
      const { total_msg_count } = await ann.client.getChannel(channel.id);
      expect(await member()).toMatchObject({ mention_count: 0, msg_count: total_msg_count });
      expect(await ann.client.viewMyChannel('')).toMatchObject({ status: 'OK' });
      const direct = await ann.client.createDirectChannel([ann.id, bob.id]);
      expect(Object.keys((await ann.client.readMultipleChannels([direct.id])).last_viewed_at_times)).toEqual([
        direct.id,
      ]);
    });

    it('are archived, shown as such and restored', async () => {
      const { client } = ground().admin;
      const old = await ground().channel(room.team, [ann]);
      await client.deleteChannel(old.id);
      expect(ids(await client.getArchivedChannels(room.team.id))).toEqual([old.id]);
      expect(ids(await ann.client.getMyChannels(room.team.id))).not.toContain(old.id);
      expect(ids(await ann.client.getMyChannels(room.team.id, true))).toContain(old.id);
      expect(await refusal(write(ann, old.id, 'late'))).toBe('400 api.post.create_post.can_not_post_to_deleted.error');
      expect(await client.unarchiveChannel(old.id)).toMatchObject({ delete_at: 0 });
    });
  });
}
