import { beforeAll, describe, expect, it } from 'vitest';
import type { JobTypeBase } from '@mattermost/types/jobs';
import { LogLevelEnum } from '@mattermost/types/admin';
import type { Ground, Person } from './ground.ts';
import { refusal } from './watched-client.ts';

/** Roles as admins change them. */
export function rolesContract(ground: () => Ground): void {
  it('roles are read and changed', async () => {
    const { client } = ground().admin;
    const ann = await ground().person('ann');
    const role = await client.getRoleByName('channel_user');
    expect(await client.getRole(role.id)).toEqual(role);
    const fewer = role.permissions.filter((permission) => permission !== 'add_reaction');
    expect(fewer.length).toBe(role.permissions.length - 1);
    expect((await client.patchRole(role.id, { permissions: fewer })).permissions.toSorted()).toEqual(fewer.toSorted());
    await client.patchRole(role.id, { permissions: role.permissions });
    expect((await client.getRole(role.id)).permissions.toSorted()).toEqual(role.permissions.toSorted());
    expect(await refusal(ann.client.patchRole(role.id, { permissions: [] }))).toBe(
      '403 api.context.permissions.app_error',
    );
    expect(await client.getAncillaryPermissions(['sysconsole_read_user_management_channels'])).toBeInstanceOf(Array);
  });
}

/** Roles of single teams are paid for elsewhere: there are none, and none can be made. */
export function schemesContract(ground: () => Ground): void {
  it('schemes are none', async () => {
    const { client } = ground().admin;
    expect(await client.getSchemes()).toEqual([]);
    expect(await refusal(client.createScheme({ display_name: 'None', scope: 'team' }))).toMatch(/^501 /);
  });
}

/** What the System Console of Mattermost asks. */
export function administrationContract(ground: () => Ground): void {
  describe('administration', () => {
    let ann: Person;
    beforeAll(async () => {
      ann = await ground().person('ann');
    });

    it('settings are changed one by one and as a whole; masked secrets stay', async () => {
      const { client } = ground().admin;
      const before = await client.getConfig();
      expect(await client.patchConfig({ TeamSettings: { SiteName: 'Harbour' } })).toMatchObject({
        TeamSettings: { SiteName: 'Harbour' },
      });
      expect(await ann.client.getClientConfig()).toMatchObject({ SiteName: 'Harbour' });
      expect(await client.updateConfig(before)).toMatchObject({
        TeamSettings: { SiteName: before.TeamSettings.SiteName },
      });
      expect(await client.ping(true)).toMatchObject({ status: 'OK' });
      expect(await refusal(ann.client.patchConfig({}))).toBe('403 api.context.permissions.app_error');
    });

    it('the log is read, plain and filtered', async () => {
      const { client } = ground().admin;
      expect((await client.getPlainLogs(0, 50)).length).toBeGreaterThan(0);
      for (const line of await client.getPlainLogs(0, 5))
        expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
      const filter = { server_names: [], log_levels: [LogLevelEnum.INFO], date_from: '', date_to: '' };
      const [lines] = Object.values(await client.getLogs(filter)) as unknown as { level: string }[][];
      expect(lines?.every(({ level }) => level === 'info')).toBe(true);
      expect(await refusal(ann.client.getPlainLogs())).toMatch(/^403 /);
    });

    it('counts are given in rows', async () => {
      const { client } = ground().admin;
      const names = (await client.getAnalytics()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['channel_open_count', 'post_count', 'unique_user_count', 'team_count']),
      );
      for (const name of ['extra_counts', 'post_counts_day', 'bot_post_counts_day', 'user_counts_with_posts_day'])
        expect(await client.getAnalytics(name)).toBeInstanceOf(Array);
      expect((await client.getFilteredUsersStats({})).total_users_count).toBeGreaterThan(1);
      expect((await client.getUsersForReporting({ page_size: 10 })).length).toBeGreaterThan(1);
      expect(await client.getUserCountForReporting({})).toBeGreaterThan(1);
    });

    it('what was done is noted', async () => {
      const { client } = ground().admin;
      await expect.poll(async () => (await client.getUserAudits(ann.id)).length).toBeGreaterThan(0);
      expect((await client.getAudits(0, 20)).length).toBeGreaterThan(0);
    });

    it('jobs are begun, listed and cancelled', async () => {
      const { client } = ground().admin;
      const made = await client.createJob({ type: 'integrity' } as unknown as JobTypeBase);
      expect(await client.getJob(made.id)).toMatchObject({ id: made.id, type: 'integrity' });
      expect((await client.getJobs(0, 60)).map(({ id }) => id)).toContain(made.id);
      expect((await client.getJobsByType('integrity')).map(({ id }) => id)).toContain(made.id);
      expect(await refusal(client.createJob({ type: 'none' } as unknown as JobTypeBase))).toMatch(/^400 /);
    });

    it('the server is looked after', async () => {
      const { client } = ground().admin;
      await client.invalidateCaches();
      await client.testFileStoreConnection();
      await client.testSiteURL(ground().url);
      expect((await client.getAppliedSchemaMigrations()).length).toBeGreaterThan(5);
      expect(await client.getClusterStatus()).toEqual([]);
      expect(await client.getPlugins()).toEqual({ active: [], inactive: [] });
      expect(await client.getPluginStatuses()).toEqual([]);
      expect(await client.getMarketplacePlugins('')).toEqual([]);
      expect(await client.getFirstAdminVisitMarketplaceStatus()).toMatchObject({ value: 'true' });
      expect((await client.getLicenseLoadMetric()).load).toBe(0);
      expect(await client.getFirstAdminSetupComplete()).toMatchObject({ value: 'true' });
      expect(await client.getPrevTrialLicense()).toBeTypeOf('object');
      expect(await refusal(client.testEmail())).toMatch(/^501 /);
      expect(await refusal(client.getDataRetentionPolicy())).toMatch(/^501 /);
      expect(await refusal(client.getComplianceReports())).toMatch(/^501 /);
    });
  });
}
