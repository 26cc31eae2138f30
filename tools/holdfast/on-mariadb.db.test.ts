import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Channel, DatabaseStatus, Operation, PostList } from '../../contract/index.ts';
import { until } from '../../server/database/testing/index.ts';
import { queryMariadb } from '../cluster/mariadb/session.ts';
import { type MariadbCluster, type MariadbTestCluster, startMariadbCluster } from '../cluster/mariadb/testing.ts';
import { account, ApiClient, type Holdfast, RefusedRequest, startHoldfast } from './index.ts';

let database: MariadbTestCluster;
let holdfast: Holdfast<MariadbCluster>;
let admin: ApiClient;
let channel: Channel;

/** Posts one message after the other, as the webapp does: the same pending id again until the server says yes. */
function startPosting(client: ApiClient): { readonly acknowledged: string[]; stop(): Promise<string[]> } {
  const acknowledged: string[] = [];
  let going = true;
  const post = async (message: string, pending: string): Promise<void> => {
    try {
      acknowledged.push((await client.post(channel.id, message, pending)).id);
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 503) throw error;
      await post(message, pending);
    }
  };
  const loop = (async () => {
    for (let n = 1; going; n++) await post(`message ${n} 🦆`, `${client.user.id}:${randomUUID()}`);
  })();
  loop.catch(() => undefined);
  return {
    acknowledged,
    async stop() {
      going = false;
      await loop;
      return acknowledged;
    },
  };
}

const status = (): Promise<DatabaseStatus> => admin.get<DatabaseStatus>('/database/status');
const sourceOf = async (name: string) => {
  const { port } = database.cluster.node(name);
  return (await status()).sources.find((source) => source.port === port);
};

/** What the person's posts are on a node, oldest first. */
async function storedOn(name: string, userId: string): Promise<unknown[]> {
  const rows = await queryMariadb(database.cluster.node(name).url(), [
    `SELECT id FROM posts WHERE userid = '${userId}' AND type = '' ORDER BY createat`,
  ]);
  return rows.map((row) => row['id']);
}

describe.skipIf(inject('mysqlUrl') === '')('the whole server on MariaDB', () => {
  beforeAll(async () => {
    database = await startMariadbCluster({ replicas: 2 });
    holdfast = await startHoldfast(database.cluster);
    admin = await ApiClient.signUp(holdfast.url, account('admin'));
    const team = await admin.createTeam('harbour');
    channel = await admin.createChannel(team.id, 'deck');
  }, 120_000);
  afterAll(async () => {
    await holdfast?.stop();
    await database?.stop();
  });

  it('lets people sign up, write and read, from the replicas', async () => {
    const ann = await ApiClient.signUp(holdfast.url, account('ann'));
    await ann.joinTeam(channel.team_id);
    await ann.joinChannel(channel.id);
    for (const name of ['my-b', 'my-c']) {
      await until(`the lag of ${name} is known`, async () => (await sourceOf(name))?.lag_seconds === 0);
    }
    const before = (await status()).reads.replica_total;
    for (let n = 0; n < 20; n++) {
      const { id } = await ann.post(channel.id, `hello ${n}`);
      const page = await ann.get<PostList>(`/channels/${channel.id}/posts`);
      expect(page.order[0]).toBe(id);
    }
    expect((await status()).reads.replica_total).toBeGreaterThan(before);
  });

  it('goes on through a recycle without a change, and moves to a promoted replica by Reload and Recycle', async () => {
    const bob = await ApiClient.signUp(holdfast.url, account('bob'));
    await bob.joinTeam(channel.team_id);
    await bob.joinChannel(channel.id);
    const posting = startPosting(bob);
    await until('it posts', () => posting.acknowledged.length > 20);
    expect(await admin.send<Operation>('/database/recycle')).toMatchObject({ status: 'OK' });

    await database.cluster.node('my-b').promote();
    await until('both accept writes', async () => (await sourceOf('my-b'))?.observed_role === 'master');
    await holdfast.configureNodes('my-b', 'my-a', 'my-c');
    await admin.send('/config/reload');
    const moved = await admin.send<Operation>('/database/recycle');
    expect(moved).toMatchObject({ status: 'OK' });
    expect((await sourceOf('my-b'))?.assigned_role).toBe('master');

    const then = posting.acknowledged.length;
    await until('it posts on', () => posting.acknowledged.length > then + 20);
    const acknowledged = await posting.stop();
    expect(await storedOn('my-b', bob.user.id)).toEqual(acknowledged);
    await database.cluster.node('my-c').rebuild(database.cluster.node('my-b'));
    await until('my-c follows my-b', async () => (await sourceOf('my-c'))?.health === 'online', 30_000);
    const onReplica = () => storedOn('my-c', bob.user.id);
    await until('my-c has everything', async () => (await onReplica()).length >= acknowledged.length);
    expect(await onReplica()).toEqual(acknowledged);
    const page = await bob.get<PostList>(`/channels/${channel.id}/posts?per_page=200`);
    expect(page.order[0]).toBe(acknowledged.at(-1));
  });
});
