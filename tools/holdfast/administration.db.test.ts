import { readFile } from 'node:fs/promises';
import { Client4 } from '@mattermost/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { DatabaseStatus, Operation, RecycleResponse } from '../../contract/index.ts';
import { describeEngines, until } from '../../server/database/testing/index.ts';
import { startMariadbCluster } from '../cluster/mariadb/testing.ts';
import { startTestCluster } from '../cluster/testing.ts';
import { account, ApiClient, type Holdfast, startHoldfast } from './index.ts';
import { MattermostListener } from './mattermost-listener.ts';

interface Nodes {
  readonly nodes: readonly { readonly name: string }[];
  node(name: string): { url(): string };
}

describeEngines('an administrator with the published client of Mattermost', (engine) => {
  let databases: { readonly cluster: Nodes; stop(): Promise<void> };
  let holdfast: Holdfast<Nodes>;
  let admin: ApiClient;
  let listener: MattermostListener;
  const client = new Client4();
  let [master, replica] = ['', ''];

  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    databases = await (engine === 'postgres'
      ? startTestCluster({ replicas: 1 })
      : startMariadbCluster({ replicas: 1 }));
    [master = '', replica = ''] = databases.cluster.nodes.map(({ name }) => name);
    holdfast = await startHoldfast(databases.cluster, { configured: [master] });
    admin = await ApiClient.signUp(holdfast.url, account('admin'));
    client.setUrl(holdfast.url);
    client.setToken(admin.token);
    listener = new MattermostListener(holdfast.url, admin.token);
    await until('it is greeted', () => listener.heard('hello').length === 1);
  }, 120_000);
  afterAll(async () => {
    listener?.close();
    await holdfast?.stop();
    await databases?.stop();
    vi.restoreAllMocks();
  });

  const status = () => admin.get<DatabaseStatus>('/database/status');

  it('adds a replica: the settings are saved at once, and the pools move with Recycle only', async () => {
    const before = await status();
    const config = await client.getConfig();
    const { DataSource } = config.SqlSettings;
    expect(JSON.stringify(config)).not.toContain(new URL(databases.cluster.node(master).url()).password || '\0');
    const added = databases.cluster.node(replica).url();
    const saved = await client.updateConfig({
      ...config,
      TeamSettings: { ...config.TeamSettings, SiteName: 'Harbour' },
      SqlSettings: { ...config.SqlSettings, DataSource: `${DataSource},${added}` },
    });
    expect(saved.TeamSettings.SiteName).toBe('Harbour');
    await until('everybody hears of it', () => listener.heard('config_changed').length > 0);
    const file = JSON.parse(await readFile(holdfast.configFile, 'utf8')) as typeof config;
    expect(file.SqlSettings.DataSource).toBe(`${databases.cluster.node(master).url()},${added}`);
    expect((await client.getClientConfig()).SiteName).toBe('Harbour');

    const untouched = await status();
    expect([untouched.generation, untouched.sources.length]).toEqual([before.generation, 1]);
    const { operation } = await admin.send<RecycleResponse & { operation: Operation }>('/database/recycle');
    expect(operation.outcome).toBe('succeeded');
    await until('the replica serves', async () => (await status()).sources[1]?.health === 'online');
    // Masked as it was shown, the list changes places and keeps its passwords.
    const { SqlSettings } = await client.getConfig();
    await client.patchConfig({ SqlSettings: { DataSource: SqlSettings.DataSource } });
    expect(JSON.parse(await readFile(holdfast.configFile, 'utf8'))).toEqual(file);
  });

  it('looks at figures, logs and audits', async () => {
    const figures = (await client.getAnalytics('standard')) as unknown as { name: string; value: number }[];
    const valueOf = (name: string) => figures.find((each) => each.name === name)?.value;
    expect([valueOf('unique_user_count'), valueOf('total_websocket_connections')]).toEqual([1, 1]);
    expect(valueOf('total_master_db_connections')).toBeGreaterThan(0);
    const [line = ''] = await client.getPlainLogs(0, 1);
    expect(JSON.parse(line)).toMatchObject({ level: 'info' });
    const query = { server_names: [], log_levels: [], date_from: '', date_to: '' };
    expect(await client.getLogs(query)).toHaveProperty('default');
    await until('it is written down', async () =>
      (await client.getAudits()).some(({ action }) => action === '/api/v4/database/recycle'),
    );
    expect((await client.getUserAudits('me')).map(({ action }) => action)).toContain('/api/v4/users/login');
    expect(await client.getFilteredUsersStats({})).toEqual({ total_users_count: 1 });
    expect((await client.getUsersForReporting({})).map(({ username }) => username)).toEqual(['admin']);
  });

  it('lets the server look after itself', async () => {
    const job = await client.createJob({ type: 'integrity' as never });
    await until('it is done', async () => (await client.getJob(job.id)).status === 'success');
    expect(await client.testSiteURL(holdfast.url)).toEqual({ status: 'OK' });
    expect(await client.testFileStoreConnection()).toEqual({ status: 'OK' });
    expect(await client.getClusterStatus()).toEqual([]);
    expect(await client.getPlugins()).toEqual({ active: [], inactive: [] });
    await expect(client.testEmail()).rejects.toMatchObject({ status_code: 501 });
  });

  it('purges the caches, and nobody misses a message', async () => {
    const team = await admin.createTeam('harbour');
    const channel = await admin.createChannel(team.id, 'deck');
    await admin.post(channel.id, 'before', `${admin.user.id}:1`);
    await client.invalidateCaches();
    await admin.post(channel.id, 'after', `${admin.user.id}:2`);
    await until('both arrive', () => listener.posts(channel.id).length === 2);
    expect([listener.missed, listener.cuts]).toEqual([0, 0]);
  });
});
