import { beforeAll, describe, expect, it } from 'vitest';
import type { UserProfile } from '@mattermost/types/users';
import { type Ground, PASSWORD, type Person, type Room, unique } from './ground.ts';
import { refusal } from './watched-client.ts';

const ids = (users: readonly UserProfile[]): string[] => users.map(({ id }) => id);

/** Sign-up, sessions, and finding and changing people. */
export function usersContract(ground: () => Ground): void {
  describe('users', () => {
    let ann: Person;
    let bob: Person;
    let far: Person;
    let room: Room;
    beforeAll(async () => {
      [ann, bob, far] = (await ground().people('ann', 'bob', 'far')) as [Person, Person, Person];
      room = await ground().room(ann, bob);
    });

    it('sign up, sign in by each name and out again', async () => {
      const client = ground().stranger();
      const username = unique('New');
      const email = `${username}@Example.com`;
      const made = await client.createUser({ username, email, password: PASSWORD } as UserProfile, '', '');
      expect(made).toMatchObject({
        username: username.toLowerCase(),
        email: email.toLowerCase(),
        roles: 'system_user',
      });
      expect(await refusal(client.getMe())).toBe('401 api.context.session_expired.app_error');
      for (const name of [username, email]) expect(await client.login(name, PASSWORD)).toMatchObject({ id: made.id });
      expect(client.getToken()).toMatch(/^[a-z0-9]{26}$/);
      expect(client.getServerVersion()).toMatch(/^\d+\.\d+\.\d+\./);
      expect((await client.getMe()).notify_props).toBeTypeOf('object');
      expect((await client.logout()).status).toBe(200);
      expect(client.getToken()).toBe('');
      expect(await client.loginById(made.id, PASSWORD)).toMatchObject({ id: made.id });
      expect(await client.getUserLoginType(username)).toMatchObject({ auth_service: '' });
      // oxlint-disable-next-line typescript/no-deprecated -- older clients ask this before they sign in.
      expect(await client.checkUserMfa(username)).toEqual({ mfa_required: false });
    });

    it('are told why they may not sign up or in, by the ids that clients know', async () => {
      const client = ground().stranger();
      const account = (change: object) =>
        client.createUser(
          { username: unique('x'), email: `${unique('x')}@example.com`, password: PASSWORD, ...change } as UserProfile,
          '',
          '',
        );
      expect(await refusal(account({ username: ann.user.username }))).toBe(
        '400 app.user.save.username_exists.app_error',
      );
      expect(await refusal(account({ email: ann.user.email }))).toBe('400 app.user.save.email_exists.app_error');
      expect(await refusal(account({ email: 'nonsense' }))).toBe('400 api.context.invalid_body_param.app_error');
      const wrong = '401 api.user.login.invalid_credentials_email_username';
      expect(await refusal(client.login(ann.user.username, 'wrong'))).toBe(wrong);
      expect(await refusal(client.login(unique('nobody'), PASSWORD))).toBe(wrong);
      expect(await refusal(client.login(ann.user.username, ''))).toBe('400 api.user.login.blank_pwd.app_error');
    });

    it('are found one by one and in every kind of list', async () => {
      const { client } = ann;
      expect(await client.getUser(bob.id)).toMatchObject({ username: bob.user.username });
      expect((await client.getUserByUsername(bob.user.username)).id).toBe(bob.id);
      expect((await client.getUserByEmail(bob.user.email)).id).toBe(bob.id);
      expect(await refusal(client.getUser('z'.repeat(26)))).toBe('404 app.user.missing_account.const');
      expect(await refusal(client.getUser('short'))).toBe('400 api.context.invalid_url_param.app_error');
      expect(ids(await client.getProfiles(0, 200))).toEqual(expect.arrayContaining([ann.id, bob.id, far.id]));
      expect(await client.getProfiles(9_000, 60)).toEqual([]);
      expect(ids(await client.getProfilesByIds([bob.id, far.id])).toSorted()).toEqual([bob.id, far.id].toSorted());
      expect(ids(await client.getProfilesByUsernames([bob.user.username]))).toEqual([bob.id]);
      expect(ids(await client.getProfilesInTeam(room.team.id))).toEqual(expect.arrayContaining([ann.id, bob.id]));
      expect(ids(await client.getProfilesInChannel(room.channel.id))).toContain(bob.id);
      expect(ids(await client.getProfilesNotInTeam(room.team.id, false, 0, 200))).toContain(far.id);
      expect(ids(await client.getProfilesWithoutTeam(0, 200))).toContain(far.id);
      await ground().admin.client.addToTeam(room.team.id, far.id);
      expect(ids(await client.getProfilesNotInChannel(room.team.id, room.channel.id, false))).toContain(far.id);
      expect((await client.getTotalUsersStats()).total_users_count).toBeGreaterThan(3);
    });

    it('are found by what is typed, and through shared channels', async () => {
      const { client } = ann;
      expect(ids(await client.searchUsers(bob.user.username, {}))).toEqual([bob.id]);
      const found = await client.autocompleteUsers(bob.user.username.slice(0, 8), room.team.id, room.channel.id);
      expect(ids(found.users)).toContain(bob.id);
      expect(found.out_of_channel).toBeInstanceOf(Array);
      const group = await client.createGroupChannel([ann.id, bob.id, far.id]);
      const members = await client.getProfilesInGroupChannels([group.id]);
      expect(ids(members[group.id] ?? []).toSorted()).toEqual([bob.id, far.id].toSorted());
      await client.createDirectChannel([ann.id, bob.id]);
      expect(await client.getKnownUsers()).toContain(bob.id);
    });

    it('change themselves: a patch leaves alone what it does not name and clears what is empty', async () => {
      const { client } = far;
      await client.patchMe({ first_name: 'Fern', last_name: 'Far', position: 'Pilot' });
      expect(await client.patchUser({ id: far.id, position: '' })).toMatchObject({ first_name: 'Fern', position: '' });
      const whole = { ...(await client.getMe()), nickname: 'Ferny' };
      expect(await client.updateUser(whole)).toMatchObject({ nickname: 'Ferny', last_name: 'Far' });
      await client.updateUserPassword(far.id, PASSWORD, `${PASSWORD}!`);
      expect(await refusal(ground().stranger().login(far.user.username, PASSWORD))).toMatch(/^401 /);
      expect(await refusal(ann.client.patchUser({ id: bob.id, nickname: 'no' }))).toBe(
        '403 api.context.permissions.app_error',
      );
    });

    it('have a picture, and the generated one again', async () => {
      const picture = await fetch(ann.client.getDefaultProfilePictureUrl(ann.id), {
        headers: { authorization: `Bearer ${ann.client.getToken()}` },
      });
      const bytes = await picture.arrayBuffer();
      await ann.client.uploadProfileImage(ann.id, new File([new Uint8Array(bytes)], 'me.png', { type: 'image/png' }));
      expect((await ann.client.getMe()).last_picture_update).toBeGreaterThan(0);
      await ann.client.setDefaultProfileImage(ann.id);
    });

    it('see and end their sessions', async () => {
      const other = ground().stranger();
      await other.login(bob.user.username, PASSWORD);
      const sessions = await bob.client.getSessions('me');
      expect(sessions).toHaveLength(2);
      const newest = sessions.toSorted((a, b) => b.create_at - a.create_at)[0];
      await bob.client.revokeSession('me', newest?.id ?? '');
      expect(await refusal(other.getMe())).toBe('401 api.context.session_expired.app_error');
      await bob.client.revokeAllSessionsForUser('me');
      expect(await refusal(bob.client.getMe())).toMatch(/^401 /);
      await bob.client.login(bob.user.username, PASSWORD);
    });

    it('are deactivated and made admins by admins alone', async () => {
      const { client } = ground().admin;
      expect(await refusal(ann.client.updateUserRoles(ann.id, 'system_user system_admin'))).toMatch(/^403 /);
      await client.updateUserRoles(far.id, 'system_user system_admin');
      expect((await client.getUser(far.id)).roles.split(' ').toSorted()).toEqual(['system_admin', 'system_user']);
      await client.updateUserRoles(far.id, 'system_user');
      await client.updateUserActive(far.id, false);
      expect((await client.getUser(far.id)).delete_at).toBeGreaterThan(0);
      await client.updateUserActive(far.id, true);
      expect((await client.getUser(far.id)).delete_at).toBe(0);
    });
  });
}
