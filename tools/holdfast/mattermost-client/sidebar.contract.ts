import { beforeAll, describe, expect, it } from 'vitest';
import type { ChannelCategory } from '@mattermost/types/channel_categories';
import type { Ground, Person, Room } from './ground.ts';
import { refusal } from './watched-client.ts';

/** The groups of channels in a user's sidebar. */
export function sidebarContract(ground: () => Ground): void {
  describe('sidebar categories', () => {
    let ann: Person;
    let room: Room;
    beforeAll(async () => {
      ann = await ground().person('ann');
      room = await ground().room(ann);
    });

    const ofType = async (type: string): Promise<ChannelCategory> => {
      const { categories } = await ann.client.getChannelCategories('me', room.team.id);
      return categories.find((category) => category.type === type) as ChannelCategory;
    };

    it('are there from the beginning', async () => {
      const { categories, order } = await ann.client.getChannelCategories('me', room.team.id);
      expect(categories.map(({ type }) => type)).toEqual(['favorites', 'channels', 'direct_messages']);
      expect(order).toEqual(categories.map(({ id }) => id));
      expect((await ofType('channels')).channel_ids).toContain(room.channel.id);
    });

    it('are made, changed, sorted and deleted', async () => {
      const { client } = ann;
      const ids = { user_id: ann.id, team_id: room.team.id };
      const asked = { ...ids, display_name: 'Ships', channel_ids: [room.channel.id] };
      const made = await client.createChannelCategory('me', room.team.id, asked);
      expect(made).toMatchObject({ type: 'custom', display_name: 'Ships', channel_ids: [room.channel.id] });
      expect((await ofType('channels')).channel_ids).not.toContain(room.channel.id);
      expect(await client.getChannelCategory('me', room.team.id, made.id)).toEqual(made);
      const renamed = { ...made, display_name: 'Boats', collapsed: true };
      expect(await client.updateChannelCategory('me', room.team.id, renamed)).toMatchObject({ display_name: 'Boats' });
      const favorites = await ofType('favorites');
      const moved = [
        { ...favorites, channel_ids: [room.channel.id] },
        { ...renamed, channel_ids: [] },
      ];
      expect(await client.updateChannelCategories('me', room.team.id, moved)).toHaveLength(2);
      expect((await ofType('favorites')).channel_ids).toEqual([room.channel.id]);
      const order = (await client.getChannelCategoryOrder('me', room.team.id)).toReversed();
      expect(await client.updateChannelCategoryOrder('me', room.team.id, order)).toEqual(order);
      await client.deleteChannelCategory('me', room.team.id, made.id);
      expect(await refusal(client.deleteChannelCategory('me', room.team.id, favorites.id))).toMatch(/^400 /);
    });
  });
}
