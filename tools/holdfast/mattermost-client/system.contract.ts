import { beforeAll, describe, expect, it } from 'vitest';
import type { Ground, Person } from './ground.ts';
import { refusal } from './watched-client.ts';

/** What every client asks when it starts, and what an admin's tools ask of the server. */
export function systemContract(ground: () => Ground): void {
  describe('the system', () => {
    let ann: Person;
    beforeAll(async () => {
      ann = await ground().person('ann');
    });

    it('answers those who are not signed in', async () => {
      const client = ground().stranger();
      expect(await client.ping(true)).toMatchObject({ status: 'OK' });
      expect(await client.getClientConfig()).toMatchObject({ EnableSignUpWithEmail: 'true' });
      expect(await client.getClientLicenseOld()).toEqual({ IsLicensed: 'false' });
    });

    it('answers what a client asks when it starts', async () => {
      const { client } = ann;
      expect(Object.keys(await client.getClientConfig()).length).toBeGreaterThan(
        Object.keys(await ground().stranger().getClientConfig()).length,
      );
      expect(
        (await client.getRolesByNames(['system_user', 'channel_user'])).map(({ name }) => name).toSorted(),
      ).toEqual(['channel_user', 'system_user']);
      expect((await client.getRoleByName('system_user')).permissions.length).toBeGreaterThan(0);
      expect(await client.getWebappPlugins()).toEqual([]);
      expect(await client.getGroups({ filter_allow_reference: true, page: 0, per_page: 60 })).toEqual([]);
      expect(await client.getCustomProfileAttributeFields()).toEqual([]);
      expect(await client.getInProductNotices('z'.repeat(26), 'web', '9.11.0')).toEqual([]);
      client.setEnableLogging(true);
      expect(await client.logClientError('a slip')).toMatchObject({ message: expect.any(String) });
    });

    it('counts', async () => {
      const { client } = ann;
      expect((await client.getServerLimits()).data).toMatchObject({ maxUsersLimit: 0 });
      expect(await client.getPostsUsage()).toMatchObject({ count: expect.any(Number) });
      expect(await client.getFilesUsage()).toMatchObject({ bytes: expect.any(Number) });
      expect((await client.getTeamsUsage()).active).toBeGreaterThanOrEqual(0);
    });

    it('shows and reloads its configuration and recycles its connections for admins alone', async () => {
      const { client } = ground().admin;
      expect(await refusal(ann.client.getConfig())).toBe('403 api.context.permissions.app_error');
      expect(await client.getConfig()).toMatchObject({ SqlSettings: {}, ServiceSettings: {} });
      expect(await client.getEnvironmentConfig()).toBeTypeOf('object');
      expect(await client.reloadConfig()).toMatchObject({ status: 'OK' });
      expect(await client.recycleDatabase()).toMatchObject({ status: 'OK' });
    });

    it('refuses an unknown path in JSON', async () => {
      const { client } = ground().admin;
      expect(await refusal(client.getSchemeTeams('z'.repeat(26)))).toMatch(/^(404|501) /);
    });
  });
}
