import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Channel, DatabaseStatus, Operation, Post, PostList, SwitchoverResponse } from '../../contract/index.ts';
import { describeEngines, until } from '../../server/database/testing/index.ts';
import { startMariadbCluster } from '../cluster/mariadb/testing.ts';
import { startTestCluster } from '../cluster/testing.ts';
import { account, ApiClient, type Holdfast, RefusedRequest, startHoldfast } from './index.ts';
import { MattermostListener } from './mattermost-listener.ts';

/** A database server of either engine. */
interface Node {
  readonly name: string;
  readonly port: number;
  url(): string;
  kill(): Promise<void>;
  promote(): Promise<void>;
  /** Changes show that much later on this replica. */
  setApplyDelay(ms: number): void | Promise<void>;
}
interface Nodes {
  readonly nodes: readonly Node[];
  node(name: string): Node;
}
interface Databases {
  readonly cluster: Nodes;
  stop(): Promise<void>;
}

/** Posts without a pause, as the webapp does: the same pending id again until the server says yes. */
function startPosting(client: ApiClient, channelId: string): { readonly posted: string[]; stop(): Promise<void> } {
  const posted: string[] = [];
  let going = true;
  const post = async (message: string, pending: string): Promise<void> => {
    try {
      posted.push((await client.post(channelId, message, pending)).id);
    } catch (error) {
      if (error instanceof RefusedRequest && error.status !== 503) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await post(message, pending);
    }
  };
  const loop = (async () => {
    for (let n = 1; going; n++) await post(`${client.user.username} ${n} 🦆`, `${client.user.id}:${randomUUID()}`);
  })();
  loop.catch(() => undefined);
  return {
    posted,
    stop() {
      going = false;
      return loop;
    },
  };
}

/** One after the other of them. */
function turn<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length];
  if (item === undefined) throw new Error('There is nobody.');
  return item;
}

const startDatabases = (engine: 'postgres' | 'mysql'): Promise<Databases> =>
  engine === 'postgres' ? startTestCluster({ replicas: 2 }) : startMariadbCluster({ replicas: 2 });

describeEngines('the published client of Mattermost', (engine) => {
  let databases: Databases;
  let holdfast: Holdfast<Nodes>;
  let admin: ApiClient;
  let channel: Channel;
  const authors: ApiClient[] = [];
  const listeners: MattermostListener[] = [];
  let members = 0;

  beforeAll(async () => {
    // The client tells its console of each connection.
    vi.spyOn(console, 'log').mockImplementation(() => {});
    databases = await startDatabases(engine);
    holdfast = await startHoldfast(databases.cluster, {
      settings: { SqlSettings: { MonitorIntervalMilliseconds: 250 } },
    });
    admin = await ApiClient.signUp(holdfast.url, account('admin'));
    const team = await admin.createTeam('harbour');
    channel = await admin.createChannel(team.id, 'deck');
    for (const name of ['ann', 'bob', 'cat']) authors.push(await newMember(name));
  }, 120_000);
  afterAll(async () => {
    for (const listener of listeners) listener.close();
    await holdfast?.stop();
    await databases?.stop();
    vi.restoreAllMocks();
  });

  async function newMember(name: string): Promise<ApiClient> {
    const client = await ApiClient.signUp(holdfast.url, account(name));
    await client.joinTeam(channel.team_id);
    await client.joinChannel(channel.id);
    return client;
  }

  /** A new member of the channel who listens from now on. */
  async function listen(): Promise<{ readonly listener: MattermostListener; readonly person: ApiClient }> {
    members += 1;
    const person = await newMember(`listener-${members}`);
    const listener = new MattermostListener(holdfast.url, person.token);
    listeners.push(listener);
    await until('it is greeted', () => listener.heard('hello').length === 1);
    return { listener, person };
  }

  const status = (): Promise<DatabaseStatus> => admin.get<DatabaseStatus>('/database/status');

  const allServe = () =>
    until('everything serves', async () => (await status()).sources.every(({ health }) => health === 'online'), 60_000);

  /** All posts of the channel as the database has them, oldest first. */
  async function stored(): Promise<string[]> {
    const all: string[] = [];
    for (let page = 0; all.length === page * 200; page++) {
      const list = await admin.get<PostList>(`/channels/${channel.id}/posts?per_page=200&page=${page}`);
      all.unshift(...list.order.toReversed());
    }
    return all;
  }

  /**
   * People post while something happens, and the listener's network is cut all the time: it hears of every post once, in
   * the order of each author, and is never told to read anew.
   */
  async function expectToHearEverythingThrough(happening: (posted: () => number) => Promise<void>): Promise<void> {
    const { listener } = await listen();
    const writers = authors.map((author) => startPosting(author, channel.id));
    const posted = () => writers.reduce((sum, writer) => sum + writer.posted.length, 0);
    let cutAt = 0;
    const cutting = setInterval(() => {
      // Only where something has come since: the client counts from what it has heard.
      if (listener.events.length < cutAt + 40) return;
      cutAt = listener.events.length;
      listener.cut();
    }, 50);
    try {
      await until('they post', () => posted() > 60);
      await happening(posted);
    } finally {
      clearInterval(cutting);
      await Promise.all(writers.map((writer) => writer.stop()));
    }
    const acknowledged = writers.flatMap((writer) => writer.posted);
    const heard = () => listener.posts(channel.id).map(({ id }) => id);
    await until('it has heard of all', () => acknowledged.every((id) => heard().includes(id)), 30_000);
    expect(new Set(heard()).size).toBe(heard().length);
    expect(heard().toSorted()).toEqual(acknowledged.toSorted());
    for (const writer of writers) {
      expect(heard().filter((id) => writer.posted.includes(id))).toEqual(writer.posted);
    }
    const known = new Set(acknowledged);
    expect((await stored()).filter((id) => known.has(id)).toSorted()).toEqual(acknowledged.toSorted());
    expect(listener.cuts).toBeGreaterThan(0);
    expect({ missed: listener.missed, hellos: listener.heard('hello').length }).toEqual({ missed: 0, hellos: 1 });
  }

  it('signs in, hears what happens in its channels, asks and is answered', async () => {
    const { listener, person } = await listen();
    const other = await listen();
    const ann = turn(authors, 0);
    const { id } = await ann.post(channel.id, 'hello @channel');
    await until('the post is heard', () => listener.posts(channel.id).length === 1);
    expect(listener.heard('posted').at(-1)).toMatchObject({
      data: { channel_name: 'deck', sender_name: '@ann', team_id: channel.team_id },
      broadcast: { omit_users: null },
    });
    expect(listener.posts(channel.id)[0]?.id).toBe(id);
    expect(await listener.typing(channel.id)).toMatchObject({ status: 'OK' });
    await until('typing is heard', () => other.listener.heard('typing').length === 1);
    expect(other.listener.heard('typing')).toMatchObject([{ data: { user_id: person.user.id, parent_id: '' } }]);
    expect(await listener.statuses()).toMatchObject({ status: 'OK', data: { [other.person.user.id]: 'online' } });
    expect(await listener.statusesOf([person.user.id, ann.user.id])).toEqual({
      status: 'OK',
      data: { [person.user.id]: 'online', [ann.user.id]: 'offline' },
      seq_reply: 5,
    });
  });

  it('reads by a plain request what it was told of, though the replicas do not have it yet', async () => {
    const replicas = databases.cluster.nodes.slice(1);
    for (const replica of replicas) await replica.setApplyDelay(2_000);
    const { listener, person } = await listen();
    const served = async () => (await status()).reads.replica_total;
    // They have what this person wrote by joining: from now on only what was heard binds the reads.
    await until('its reads go to the replicas', async () => {
      const before = await served();
      await person.get(`/channels/${channel.id}/posts`);
      return (await served()) > before;
    });
    for (let n = 0; n < 20; n++) {
      const { id } = await turn(authors, n).post(channel.id, `read me ${n}`);
      await until('the post is heard', () => listener.posts(channel.id).some((post) => post.id === id));
      expect((await person.get<Post>(`/posts/${id}`)).id).toBe(id);
    }
    for (const replica of replicas) await replica.setApplyDelay(0);
    await allServe();
  }, 120_000);

  it('misses nothing when its network is cut again and again', async () => {
    await expectToHearEverythingThrough((posted) => until('they post on', () => posted() > 400));
  });

  it('is told to read anew when more was missed than is kept', async () => {
    const { listener } = await listen();
    listener.loseNetwork();
    await Promise.all(Array.from({ length: 150 }, (_, n) => turn(authors, n).post(channel.id, `burst ${n}`)));
    listener.findNetwork();
    await until('it is greeted anew', () => listener.heard('hello').length === 2);
    expect(listener.missed).toBe(1);
    const { id } = await turn(authors, 0).post(channel.id, 'after');
    await until('it hears the next', () => listener.posts(channel.id).some((post) => post.id === id));
  });

  it('misses nothing through a recycle', async () => {
    await expectToHearEverythingThrough(async (posted) => {
      expect(await admin.send<Operation>('/database/recycle')).toMatchObject({ status: 'OK' });
      const then = posted();
      await until('they post on', () => posted() > then + 100);
    });
  });

  it('misses nothing through a planned switch of the master', async () => {
    await allServe();
    const [, next] = databases.cluster.nodes;
    const name = (await status()).sources.find(({ port }) => port === next?.port)?.name ?? '';
    await expectToHearEverythingThrough(async (posted) => {
      const { operation } = await admin.send<SwitchoverResponse>('/database/switchover', { name });
      expect(operation).toMatchObject({ outcome: 'succeeded', writes_failed: 0 });
      const then = posted();
      await until('they post on', () => posted() > then + 100);
    });
    const source = (await status()).sources.find(({ port }) => port === next?.port);
    expect(source?.assigned_role).toBe('master');
  }, 180_000);

  it('misses nothing that was acknowledged when the master is lost and a replica promoted', async () => {
    const [, master, next] = databases.cluster.nodes;
    const sourceOf = async (node: Node | undefined) => (await status()).sources.find(({ port }) => port === node?.port);
    await until('the replica follows', async () => (await sourceOf(next))?.health === 'online');
    await expectToHearEverythingThrough(async (posted) => {
      await master?.kill();
      await next?.promote();
      await until('it is followed', async () => (await sourceOf(next))?.assigned_role === 'master');
      const then = posted();
      await until('they post on', () => posted() > then + 100);
    });
  }, 180_000);
});
