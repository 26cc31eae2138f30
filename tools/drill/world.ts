import type { DatabaseStatus } from '../../contract/index.ts';
import { account, ApiClient } from '../holdfast/index.ts';
import type { DrillCluster } from './drill-cluster.ts';
import { DrillServer } from './drill-server.ts';
import { until } from './until.ts';

/** So many clients post and read, each over HTTP and with a socket. */
const PEOPLE = 20;
const CHANNELS = 4;

/** A cluster, the server on it, and people with their channels. One drill after the other takes place in it. */
export interface World {
  readonly cluster: DrillCluster;
  readonly server: DrillServer;
  readonly admin: ApiClient;
  /** Each with the channel that this person is in. */
  readonly people: readonly { readonly client: ApiClient; readonly channelId: string }[];
  readonly channelIds: readonly string[];
  stop(): Promise<void>;
}

export async function openWorld(startCluster: () => Promise<DrillCluster>): Promise<World> {
  const cluster = await startCluster();
  let server: DrillServer | undefined;
  const stop = async (): Promise<void> => {
    try {
      await server?.stop();
    } finally {
      await cluster.stop();
    }
  };
  try {
    server = await DrillServer.start(cluster);
    const { url } = server;
    const admin = await ApiClient.signUp(url, account('admin'));
    const team = await admin.createTeam('drill');
    const channelIds: string[] = [];
    for (let at = 0; at < CHANNELS; at++) channelIds.push((await admin.createChannel(team.id, `channel-${at}`)).id);
    const numbers = Array.from({ length: PEOPLE }, (_, index) => index);
    const people = await Promise.all(
      numbers.map(async (number) => {
        const client = await ApiClient.signUp(url, account(`person-${number}`));
        const channelId = channelIds[number % CHANNELS] ?? '';
        await client.joinTeam(team.id);
        await client.joinChannel(channelId);
        return { client, channelId };
      }),
    );
    const world = { cluster, server, admin, people, channelIds, stop };
    await waitUntilWhole(world);
    return world;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All data sources serve, the master is the configured one, and writes are accepted. */
export async function waitUntilWhole({ admin, cluster }: Pick<World, 'admin' | 'cluster'>): Promise<void> {
  const port = Number(new URL(cluster.master().url).port);
  await until('everything serves again', async () => {
    const { mode, sources } = await admin.get<DatabaseStatus>('/database/status');
    const master = sources.find((source) => source.assigned_role === 'master');
    const allServe = sources.length === cluster.nodes.length && sources.every((source) => source.health === 'online');
    return mode.mode === 'normal' && allServe && master?.port === port;
  });
}
