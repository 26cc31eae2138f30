import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { NodeStatus } from '../node-status.ts';
import type { MariadbCluster } from './cluster.ts';
import { positionOf } from './history.ts';
import type { MariadbNode } from './node.ts';
import { type MariadbTestCluster, queryMariadb, startMariadbCluster } from './testing.ts';

const soon = { timeout: 20_000, interval: 25 };

// The tests are one story on one cluster: each leaves it whole, with a master and replicas that follow.
describe.skipIf(inject('mysqlUrl') === '')('a MariaDB cluster', () => {
  let own: MariadbTestCluster;
  let cluster: MariadbCluster;

  beforeAll(async () => {
    own = await startMariadbCluster({ replicas: 2 });
    cluster = own.cluster;
    await run(cluster.master(), 'CREATE TABLE note (text varchar(100) NOT NULL UNIQUE)');
  }, 60_000);
  afterAll(() => own?.stop());

  /** As the application. */
  const run = (node: MariadbNode, sql: string) => queryMariadb(node.url(), [sql]);
  const write = (text: string, node = cluster.master()) => run(node, `INSERT INTO note VALUES ('${text}')`);
  const has = async (node: MariadbNode, text: string): Promise<boolean> =>
    (await run(node, `SELECT text FROM note WHERE text = '${text}'`)).length === 1;
  const statusOf = async (node: MariadbNode): Promise<NodeStatus | undefined> =>
    (await cluster.status()).find((each) => each.name === node.name);
  const someReplica = (): MariadbNode => {
    const [replica] = cluster.replicas();
    if (replica === undefined) throw new Error('no replica');
    return replica;
  };

  test('has a master, and replicas that follow and refuse writes', async () => {
    await write('first');
    for (const replica of cluster.replicas()) {
      await expect.poll(() => has(replica, 'first'), soon).toBe(true);
      expect(await statusOf(replica)).toMatchObject({ role: 'replica', receiving: true, unapplied: undefined });
      await expect(write('refused', replica)).rejects.toMatchObject({ code: 'ER_OPTION_PREVENTS_STATEMENT' });
    }
  });

  test('reads the history of a node from its files as the node itself tells it', async () => {
    const master = cluster.master();
    await master.query('FLUSH BINARY LOGS');
    await write('after the log was changed');
    const [row] = await master.query('SELECT @@global.gtid_binlog_pos AS position');
    expect(positionOf(master.history())).toBe(row?.['position']);
    await master.kill();
    expect(positionOf(master.history())).toBe(row?.['position']);
    await master.start();
  });

  test('has frozen nodes that answer nothing and go on where they were', async () => {
    const replica = someReplica();
    replica.freeze();
    expect(replica.processState()).toBe('frozen');
    await expect(replica.link(300)).rejects.toThrow('ETIMEDOUT');
    replica.thaw();
    await expect(replica.link()).resolves.toBeDefined();
  });

  test('has replicas that receive and do not show while they are late', async () => {
    const replica = someReplica();
    // It may still be on its way back to a master that was killed.
    await replica.catchUp(cluster.master());
    await replica.setApplyDelay(3_600_000);
    await write('late');
    await expect.poll(async () => (await statusOf(replica))?.unapplied, soon).toBe('1 transaction');
    expect(await has(replica, 'late')).toBe(false);
    expect(await statusOf(replica)).toMatchObject({ receiving: true, applyDelayMs: 3_600_000 });
    await expect(cluster.moveMaster(replica.name)).rejects.toThrow(`lag ${replica.name} off`);
    await replica.setApplyDelay(0);
    await expect.poll(() => has(replica, 'late'), soon).toBe(true);
  });

  test('moves its master with every acknowledged row', async () => {
    const old = cluster.master();
    const next = someReplica();
    const acknowledged: string[] = [];
    let isMoving = true;
    const writing = (async () => {
      for (let count = 0; isMoving; count += 1) {
        const text = `moving ${count}`;
        await write(text, old).then(
          () => acknowledged.push(text),
          () => {},
        );
      }
    })();
    await expect.poll(() => acknowledged.length, soon).toBeGreaterThan(3);
    await cluster.moveMaster(next.name);
    isMoving = false;
    await writing;
    expect(cluster.master()).toBe(next);
    const rows = await run(next, "SELECT text FROM note WHERE text LIKE 'moving %'");
    expect(rows.map((row) => row['text'])).toEqual(expect.arrayContaining(acknowledged));
    expect((await cluster.status()).filter((node) => node.role === 'master')).toHaveLength(1);
    await write('after the move');
    for (const replica of cluster.replicas()) await expect.poll(() => has(replica, 'after the move'), soon).toBe(true);
  });

  test('does not promote a replica that does not follow over a serving master', async () => {
    const replica = someReplica();
    await replica.cutReplication();
    await expect(cluster.moveMaster(replica.name)).rejects.toThrow(`${replica.name} does not stream`);
    expect(replica.role()).toBe('replica');
    await write('the master goes on');
    await replica.restoreReplication(cluster.master());
    await expect.poll(() => has(replica, 'the master goes on'), soon).toBe(true);
  });

  test('promotes the replica that has received the most, and builds the old master anew', async () => {
    const old = cluster.master();
    const [next, third] = cluster.replicas() as [MariadbNode, MariadbNode];
    await next.cutReplication();
    await write('not on the next', old);
    await expect.poll(() => has(third, 'not on the next'), soon).toBe(true);
    await third.stopFast();
    await write('only on the old master', old);
    await old.kill();
    await third.start();
    await expect(cluster.moveMaster(next.name)).rejects.toThrow(`${third.name} has received more than ${next.name}`);
    await cluster.moveMaster(third.name);
    await write('on the successor');
    expect(cluster.master()).toBe(third);
    expect(await statusOf(old)).toMatchObject({ state: 'stopped', superseded: true });
    await old.rebuild(cluster.master());
    await expect.poll(() => has(old, 'on the successor'), soon).toBe(true);
    expect(await has(old, 'not on the next')).toBe(true);
    expect(await has(old, 'only on the old master')).toBe(false);
    await expect.poll(() => has(next, 'on the successor'), soon).toBe(true);
  });

  test('finds the promoted master at its next start, and mends a superseded one and a diverged replica', async () => {
    const old = cluster.master();
    const [next, ahead] = cluster.replicas() as [MariadbNode, MariadbNode];
    await next.cutReplication();
    await write('too far', old);
    await expect.poll(() => has(ahead, 'too far'), soon).toBe(true);
    await old.kill();
    await next.promote();
    await write('after the crash', next);
    await cluster.stop();
    expect(cluster.isRunning()).toBe(false);
    await cluster.start();
    expect(cluster.master()).toBe(next);
    expect(old.role()).toBe('replica');
    for (const replica of [old, ahead]) {
      await expect.poll(() => has(replica, 'after the crash'), soon).toBe(true);
      expect(await has(replica, 'too far')).toBe(false);
    }
  });

  test('follows a promotion that the application has made by itself', async () => {
    const [next] = cluster.replicas() as [MariadbNode];
    const old = cluster.master();
    await old.kill();
    // What the server does in a switchover.
    await next.query('STOP REPLICA', 'RESET REPLICA ALL', 'SET GLOBAL read_only = 0');
    await write('by the application', next);
    expect(cluster.master()).toBe(next);
    await cluster.stop();
    await cluster.start();
    expect(cluster.master()).toBe(next);
    for (const replica of cluster.replicas()) expect(await has(replica, 'by the application')).toBe(true);
  });

  test('begins a rebuild that was cut short again', async () => {
    const replica = someReplica();
    await replica.startEmpty('replica');
    expect(replica.exists()).toBe(false);
    expect(await statusOf(replica)).toMatchObject({ role: 'none' });
    await cluster.stop();
    await cluster.start();
    expect(await has(replica, 'first')).toBe(true);
  });

  test('takes another replica in', async () => {
    const added = await cluster.addNode('my-extra');
    await write('for the new one');
    await expect.poll(() => has(added, 'for the new one'), soon).toBe(true);
    expect(cluster.nodes.map((node) => node.name)).toContain('my-extra');
  });
});
