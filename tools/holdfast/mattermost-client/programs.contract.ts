import { beforeAll, describe, expect, it } from 'vitest';
import { type Ground, type Person, unique, write } from './ground.ts';
import { picture } from './picture.ts';
import { refusal } from './watched-client.ts';

/** Bots and access tokens. */
export function programsContract(ground: () => Ground): void {
  describe('bots and access tokens', () => {
    let ann: Person;
    beforeAll(async () => {
      ann = await ground().person('ann');
    });

    it('a bot is made, changed, given away, switched off and on again', async () => {
      const { client, id } = ground().admin;
      const made = await client.createBot({
        username: unique('bot'),
        display_name: 'Robot',
        description: 'Rings bells',
      });
      expect(made).toMatchObject({ display_name: 'Robot', owner_id: id, delete_at: 0 });
      expect(await client.getUser(made.user_id)).toMatchObject({ is_bot: true, bot_description: 'Rings bells' });
      expect(await client.getBot(made.user_id)).toMatchObject({ username: made.username });
      expect((await client.getBots(0, 200)).map(({ user_id }) => user_id)).toContain(made.user_id);
      expect(await client.patchBot(made.user_id, { display_name: 'Machine' })).toMatchObject({
        display_name: 'Machine',
        description: 'Rings bells',
      });
      expect(await client.assignBot(made.user_id, ann.id)).toMatchObject({ owner_id: ann.id });
      expect((await client.disableBot(made.user_id)).delete_at).toBeGreaterThan(0);
      expect((await client.getBotsIncludeDeleted(0, 200)).map(({ user_id }) => user_id)).toContain(made.user_id);
      expect((await client.getBots(0, 200)).map(({ user_id }) => user_id)).not.toContain(made.user_id);
      expect(await client.enableBot(made.user_id)).toMatchObject({ delete_at: 0 });
      expect(await client.getBotsOrphaned()).toBeInstanceOf(Array);
      expect(await refusal(ann.client.createBot({ username: unique('bot') }))).toMatch(/^403 /);
    });

    it('a bot writes with its token, and its own post is not read by that', async () => {
      const { client } = ground().admin;
      const { team, channel } = await ground().room(ann);
      const made = await client.createBot({ username: unique('bot') });
      await client.addToTeam(team.id, made.user_id);
      await client.addToChannel(made.user_id, channel.id);
      const { token } = await client.createUserAccessToken(made.user_id, 'to write');
      const robot = ground().stranger();
      robot.setToken(token ?? '');
      const user = await robot.getMe();
      expect(user).toMatchObject({ id: made.user_id, is_bot: true });
      await write({ id: user.id, user, client: robot }, channel.id, 'Ding');
      const { total_msg_count } = await ann.client.getChannel(channel.id);
      expect((await robot.getMyChannelMember(channel.id)).msg_count).toBeLessThan(total_msg_count);
    });

    it('a token is shown once, listed without its secret, switched off and revoked', async () => {
      const { client, id } = ground().admin;
      const made = await client.createUserAccessToken(id, 'for scripts');
      expect(made).toMatchObject({ description: 'for scripts', is_active: true, token: expect.any(String) });
      const script = ground().stranger();
      script.setToken(made.token ?? '');
      expect(await script.getMe()).toMatchObject({ id });
      expect(await client.getUserAccessToken(made.id)).not.toHaveProperty('token');
      expect((await client.getUserAccessTokensForUser(id)).map((kept) => kept.id)).toContain(made.id);
      expect((await client.getUserAccessTokens(0, 200)).map((kept) => kept.id)).toContain(made.id);
      await client.disableUserAccessToken(made.id);
      expect(await refusal(script.getMe())).toMatch(/^401 /);
      await client.enableUserAccessToken(made.id);
      expect(await script.getMe()).toMatchObject({ id });
      await client.revokeUserAccessToken(made.id);
      expect(await refusal(script.getMe())).toMatch(/^401 /);
      expect(await refusal(client.getUserAccessToken(made.id))).toMatch(/^404 /);
    });
  });
}

/** Emoji that people make, and the picture of a team. */
export function picturesContract(ground: () => Ground): void {
  it('emoji are made, found and deleted', async () => {
    const { client, id } = ground().admin;
    const name = unique('ship').replace('-', '_');
    const made = await client.createCustomEmoji({ name, creator_id: id }, picture('ship.png'));
    expect(made).toMatchObject({ name, creator_id: id });
    expect(await refusal(client.createCustomEmoji({ name, creator_id: id }, picture('ship.png')))).toMatch(/^400 /);
    expect(await client.getCustomEmoji(made.id)).toMatchObject({ name });
    expect(await client.getCustomEmojiByName(name)).toMatchObject({ id: made.id });
    expect(await client.getCustomEmojisByNames([name, 'none'])).toMatchObject([{ id: made.id }]);
    expect((await client.getCustomEmojis(0, 200, 'name')).map((emoji) => emoji.id)).toContain(made.id);
    expect((await client.searchCustomEmoji(name)).map((emoji) => emoji.id)).toEqual([made.id]);
    expect((await client.autocompleteCustomEmoji(name)).map((emoji) => emoji.id)).toEqual([made.id]);
    const headers = { authorization: `Bearer ${client.getToken()}` };
    const image = await fetch(client.getCustomEmojiImageUrl(made.id), { headers });
    expect([image.status, image.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^image\//)]);
    await client.deleteCustomEmoji(made.id);
    expect(await refusal(client.getCustomEmoji(made.id))).toMatch(/^404 /);
  });

  it('a team has a picture, until it is taken away', async () => {
    const { client } = ground().admin;
    const team = await ground().team();
    await client.setTeamIcon(team.id, picture('team.png'));
    const { last_team_icon_update } = await client.getTeam(team.id);
    expect(last_team_icon_update).toBeGreaterThan(0);
    const headers = { authorization: `Bearer ${client.getToken()}` };
    expect((await fetch(client.getTeamIconUrl(team.id, last_team_icon_update ?? 0), { headers })).status).toBe(200);
    await client.removeTeamIcon(team.id);
    expect((await client.getTeam(team.id)).last_team_icon_update ?? 0).toBe(0);
  });
}
