import { beforeAll, describe, expect, it } from 'vitest';
import type { Team, TeamsWithCount } from '@mattermost/types/teams';
import { type Ground, type Person, unique, write } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Making, finding, joining and leaving teams. */
export function teamsContract(ground: () => Ground): void {
  describe('teams', () => {
    let ann: Person;
    let bob: Person;
    let cat: Person;
    let team: Team;
    beforeAll(async () => {
      [ann, bob, cat] = (await ground().people('ann', 'bob', 'cat')) as [Person, Person, Person];
      team = await ground().team(ann);
    });

    it('are made, and found by id, by name and in lists', async () => {
      const { client } = ground().admin;
      expect(await client.checkIfTeamExists(team.name)).toEqual({ exists: true });
      expect(await client.checkIfTeamExists(unique('none'))).toEqual({ exists: false });
      expect(await refusal(client.createTeam(team))).toBe('400 app.team.save.existing.app_error');
      expect((await ann.client.getTeam(team.id)).id).toBe(team.id);
      expect((await ann.client.getTeamByName(team.name)).id).toBe(team.id);
      expect(await refusal(ann.client.getTeam('z'.repeat(26)))).toBe('404 app.team.get.find.app_error');
      expect(await client.getTeams(0, 200)).toContainEqual(expect.objectContaining({ id: team.id }));
      const page = (await client.getTeams(0, 1, true)) as TeamsWithCount;
      expect(page.teams).toHaveLength(1);
      expect(page.total_count).toBeGreaterThan(1);
      expect(await client.searchTeams(team.display_name, {} as never)).toMatchObject([{ id: team.id }]);
      expect(await client.searchTeams(team.display_name, { page: 0, per_page: 5 })).toMatchObject({ total_count: 1 });
    });

    it('are changed by their admins', async () => {
      const { client } = ground().admin;
      expect(await client.patchTeam({ id: team.id, description: 'Ships' })).toMatchObject({
        description: 'Ships',
        display_name: team.display_name,
      });
      const whole = { ...(await client.getTeam(team.id)), display_name: 'Harbour' };
      expect(await client.updateTeam(whole)).toMatchObject({ display_name: 'Harbour', description: 'Ships' });
      const before = (await client.getTeam(team.id)).invite_id;
      expect((await client.regenerateTeamInviteId(team.id)).invite_id).not.toBe(before);
      expect(await refusal(ann.client.patchTeam({ id: team.id, description: '' }))).toBe(
        '403 api.context.permissions.app_error',
      );
    });

    it('take in people one by one, many at once and by invitation', async () => {
      const { client } = ground().admin;
      expect(await client.addToTeam(team.id, bob.id)).toMatchObject({ user_id: bob.id, scheme_user: true });
      expect(await client.addToTeam(team.id, bob.id)).toMatchObject({ user_id: bob.id, delete_at: 0 });
      expect(await client.addUsersToTeam(team.id, [bob.id, cat.id])).toHaveLength(2);
      expect(await client.addUsersToTeamGracefully(team.id, [cat.id])).toMatchObject([{ user_id: cat.id }]);
      const closed = await ground().team();
      const { invite_id } = await client.getTeam(closed.id);
      expect(await ground().stranger().getTeamInviteInfo(invite_id)).toMatchObject({
        id: closed.id,
        name: closed.name,
      });
      expect(await ann.client.addToTeamFromInvite('', invite_id)).toMatchObject({ team_id: closed.id });
      expect(await bob.client.joinTeam(invite_id)).toMatchObject({ team_id: closed.id, user_id: bob.id });
      expect(await refusal(bob.client.joinTeam('z'.repeat(26)))).toBe('400 api.team.invalid_invite.app_error');
    });

    it('know their members', async () => {
      const { client } = ann;
      expect(await client.getMyTeams()).toContainEqual(expect.objectContaining({ id: team.id }));
      expect(await client.getTeamsForUser('me')).toEqual(await client.getMyTeams());
      expect(await client.getMyTeamMembers()).toEqual(await client.getTeamMembersForUser('me'));
      expect((await client.getTeamMembers(team.id, 0, 60)).map(({ user_id }) => user_id)).toContain(bob.id);
      expect(await client.getTeamMember(team.id, 'me')).toMatchObject({ user_id: ann.id, roles: 'team_user' });
      expect(await client.getTeamMembersByIds(team.id, [bob.id])).toMatchObject([{ user_id: bob.id }]);
      expect(await client.getTeamStats(team.id)).toMatchObject({ team_id: team.id, total_member_count: 4 });
    });

    it('count what is unread', async () => {
      const channel = await ground().channel(team, [ann, bob]);
      for (const { id } of await ann.client.getMyChannels(team.id)) await ann.client.viewMyChannel(id);
      await write(bob, channel.id, `Hello @${ann.user.username}`);
      const unread = async () => (await ann.client.getMyTeamUnreads()).find(({ team_id }) => team_id === team.id);
      expect(await unread()).toMatchObject({
        msg_count: 1,
        mention_count: 1,
        msg_count_root: 1,
        mention_count_root: 1,
      });
      await ann.client.viewMyChannel(channel.id);
      expect(await unread()).toMatchObject({ msg_count: 0, mention_count: 0 });
      expect(await ann.client.getMyTeamUnreads(true)).toBeInstanceOf(Array);
    });

    it('give roles', async () => {
      const { client } = ground().admin;
      await client.updateTeamMemberSchemeRoles(team.id, ann.id, true, true);
      expect(await client.getTeamMember(team.id, ann.id)).toMatchObject({ scheme_admin: true });
      await client.updateTeamMemberRoles(team.id, ann.id, 'team_user' as unknown as string[]);
      expect(await client.getTeamMember(team.id, ann.id)).toMatchObject({ scheme_admin: false, roles: 'team_user' });
    });

    it('are left, archived and restored', async () => {
      const { client } = ground().admin;
      await cat.client.removeFromTeam(team.id, cat.id);
      expect(await cat.client.getMyTeams()).toEqual([]);
      await client.deleteTeam(team.id);
      expect((await client.getTeam(team.id)).delete_at).toBeGreaterThan(0);
      expect(await client.unarchiveTeam(team.id)).toMatchObject({ id: team.id, delete_at: 0 });
    });
  });
}
