import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createFaultProxy } from '../faults/index.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterNode } from './node.ts';
import { readPidFile } from './pid-file.ts';
import { findProcesses } from './processes.ts';
import { queryOnce, withSession } from './session.ts';
import { startTestCluster, type TestCluster } from './testing.ts';

// The tests are one story on one cluster: each leaves it whole, with a master and replicas that stream.
let own: TestCluster;
let cluster: Cluster;

beforeAll(async () => {
  own = await startTestCluster({ replicas: 2 });
  cluster = own.cluster;
  await queryOnce(cluster.master().url(), 'CREATE TABLE note (id serial PRIMARY KEY, text varchar NOT NULL UNIQUE)');
});

afterAll(() => own.stop());

const soon = { timeout: 20_000, interval: 25 };

function write(text: string, node: ClusterNode = cluster.master()): Promise<unknown> {
  return queryOnce(node.url(), 'INSERT INTO note (text) VALUES ($1)', [text]);
}

async function has(node: ClusterNode, text: string): Promise<boolean> {
  return (await queryOnce(node.url(), 'SELECT FROM note WHERE text = $1', [text])).length === 1;
}

async function statusOf(node: ClusterNode) {
  return (await cluster.status()).find((each) => each.name === node.name);
}

/** The ids of all System V segments. */
function sharedMemory(): string[] {
  return execFileSync('ipcs', ['-m'], { encoding: 'utf8' }).split(/\s+/);
}

function someReplica(): ClusterNode {
  const [replica] = cluster.replicas();
  if (replica === undefined) throw new Error('no replica');
  return replica;
}

test('a new cluster has a master and streaming replicas that refuse writes', async () => {
  await write('first');
  for (const replica of cluster.replicas()) {
    await expect.poll(() => has(replica, 'first'), soon).toBe(true);
    expect(await statusOf(replica)).toMatchObject({ state: 'running', role: 'replica', receiving: true });
    await expect(write('refused', replica)).rejects.toMatchObject({ code: '25006' });
  }
});

test('the application owns its database, monitors and may move the master, and is no superuser', async () => {
  const [row] = await queryOnce(
    cluster.master().url(),
    `SELECT usesuper, pg_has_role('pg_monitor', 'member') AS monitors,
            has_function_privilege('pg_promote(boolean, integer)', 'execute') AS promotes,
            has_parameter_privilege('default_transaction_read_only', 'alter system') AS fences,
            has_parameter_privilege('primary_conninfo', 'alter system') AS repoints
     FROM pg_user WHERE usename = current_user`,
  );
  expect(row).toEqual({ usesuper: false, monitors: true, promotes: true, fences: true, repoints: true });
});

test('a wrong password is refused', async () => {
  const url = new URL(cluster.master().url());
  url.password = 'guessed';
  await expect(queryOnce(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a frozen node answers nothing, old connection or new, and goes on where it was', async () => {
  const replica = someReplica();
  await withSession(replica.url(), async (session) => {
    replica.freeze();
    expect(replica.processState()).toBe('frozen');
    await expect(withSession(replica.url(), (second) => second.query('SELECT 1'), 300)).rejects.toThrow(
      'timeout expired',
    );
    const answer = session.query('SELECT 1 AS one');
    replica.thaw();
    expect(await answer).toEqual([{ one: 1 }]);
  });
});

test('a killed node is gone at once and comes back with its data', async () => {
  const master = cluster.master();
  await write('before the crash');
  const segment = readPidFile(master.dataDirectory)[6]?.trim().split(/\s+/)[1] ?? '';
  expect(sharedMemory()).toContain(segment);
  await master.kill();
  expect(master.processState()).toBe('stopped');
  // There are few of them on a machine, and a crash gives none back.
  expect(sharedMemory()).not.toContain(segment);
  await expect(queryOnce(master.url(), 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await master.start();
  expect(await has(master, 'before the crash')).toBe(true);
  await cluster.waitForReplicas();
});

test('a node starts although children of its killed postmaster still work', async () => {
  const replica = someReplica();
  const busy = queryOnce(replica.url(), 'SELECT count(*) FROM generate_series(1, 1000000000000)').catch(() => 'cut');
  const clusterName = (await replica.query('SHOW cluster_name'))[0]?.['cluster_name'];
  const isBusy = async () =>
    (await replica.query("SELECT FROM pg_stat_activity WHERE query ~ '^SELECT count'")).length > 0;
  await expect.poll(isBusy, soon).toBe(true);
  const postmaster = replica.pid ?? 0;
  process.kill(postmaster, 'SIGKILL');
  await expect.poll(() => replica.pid, soon).toBeUndefined();
  expect(findProcesses(String(clusterName)).length).toBeGreaterThan(0);
  await replica.start();
  expect(await busy).toBe('cut');
  expect(await has(replica, 'first')).toBe(true);
  await cluster.waitForReplicas();
});

test('a replica with an apply delay receives and does not show, until the delay is off', async () => {
  const replica = someReplica();
  replica.setApplyDelay(3_600_000);
  await expect
    .poll(async () => (await replica.query('SHOW recovery_min_apply_delay'))[0], soon)
    .toEqual({
      recovery_min_apply_delay: '1h',
    });
  await write('late');
  await expect.poll(async () => (await statusOf(replica))?.unapplied, soon).toMatch(/^[1-9]\d* bytes$/);
  expect(await has(replica, 'late')).toBe(false);
  expect(await statusOf(replica)).toMatchObject({ receiving: true, applyDelayMs: 3_600_000 });
  replica.setApplyDelay(0);
  await expect.poll(() => has(replica, 'late'), soon).toBe(true);
});

test('paused replay holds what arrives', async () => {
  const replica = someReplica();
  await replica.pauseReplay();
  await expect.poll(async () => (await statusOf(replica))?.replayPaused, soon).toBe(true);
  await write('held');
  await expect.poll(async () => (await statusOf(replica))?.unapplied, soon).toMatch(/^[1-9]\d* bytes$/);
  expect(await has(replica, 'held')).toBe(false);
  await replica.resumeReplay();
  await expect.poll(() => has(replica, 'held'), soon).toBe(true);
});

test('a replica cut off its master still answers, with old data, until the link is restored', async () => {
  const replica = someReplica();
  replica.cutReplication();
  await expect.poll(async () => (await statusOf(replica))?.receiving, soon).toBe(false);
  await write('unheard');
  expect(await has(replica, 'unheard')).toBe(false);
  await replica.restoreReplication(cluster.master());
  await expect.poll(() => has(replica, 'unheard'), soon).toBe(true);
});

test('the replication link can be led through a fault proxy', async () => {
  const [replica, master] = [someReplica(), cluster.master()];
  const proxy = await createFaultProxy({ targetPort: master.port });
  try {
    await replica.follow(master, proxy.port);
    await expect.poll(() => proxy.connections, soon).toBe(1);
    // Until it has received something, a receiver is in its start-up talk, in which PostgreSQL waits for ever.
    await write('through the proxy');
    await expect.poll(() => has(replica, 'through the proxy'), soon).toBe(true);
    await proxy.set('blackhole');
    await expect.poll(async () => (await statusOf(replica))?.receiving, soon).toBe(false);
    await write('into the dark');
    await proxy.set('pass');
    await expect.poll(() => has(replica, 'into the dark'), soon).toBe(true);
  } finally {
    await replica.follow(master);
    await proxy.close();
  }
  await expect.poll(async () => (await statusOf(replica))?.receiving, soon).toBe(true);
});

test('moving the master keeps every acknowledged row and leaves one master', async () => {
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
  const rows = await queryOnce(next.url(), "SELECT text FROM note WHERE text LIKE 'moving %'");
  expect(rows.map((row) => row['text'])).toEqual(expect.arrayContaining(acknowledged));
  await cluster.waitForReplicas();
  expect((await cluster.status()).filter((node) => node.role === 'master')).toHaveLength(1);
  expect(next.timeline()).toBe(2);
});

test('a replica that does not stream is not promoted over a serving master', async () => {
  const replica = someReplica();
  replica.cutReplication();
  await expect.poll(async () => (await statusOf(replica))?.receiving, soon).toBe(false);
  await expect(cluster.moveMaster(replica.name)).rejects.toThrow(`${replica.name} does not stream`);
  expect(replica.role()).toBe('replica');
  await replica.restoreReplication(cluster.master());
  await cluster.waitForReplicas();
});

test('a diverged master is rebuilt as a replica of its successor', async () => {
  const old = cluster.master();
  const [next, third] = cluster.replicas();
  if (next === undefined || third === undefined) throw new Error('two replicas are needed');
  next.cutReplication();
  await expect.poll(async () => (await statusOf(next))?.receiving, soon).toBe(false);
  await write('not on the next', old);
  await expect.poll(() => has(third, 'not on the next'), soon).toBe(true);
  await third.stopFast();
  await write('only on the old master', old);
  await old.kill();
  await third.start();
  await expect(cluster.moveMaster(next.name)).rejects.toThrow(`${third.name} has received more than ${next.name}`);
  await cluster.moveMaster(third.name);
  await write('on the successor');
  await old.rebuild(cluster.master());
  await cluster.waitForReplicas();
  await expect.poll(() => has(old, 'on the successor'), soon).toBe(true);
  expect(await has(old, 'not on the next')).toBe(true);
  expect(await has(old, 'only on the old master')).toBe(false);
});

test('the next start finds the promoted master and mends a superseded one and a diverged replica', async () => {
  const old = cluster.master();
  const [next, ahead] = cluster.replicas();
  if (next === undefined || ahead === undefined) throw new Error('two replicas are needed');
  next.cutReplication();
  await expect.poll(async () => (await statusOf(next))?.receiving, soon).toBe(false);
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

test('an added node is a streaming replica', async () => {
  const added = await cluster.addNode('pg-extra');
  await write('for the new one');
  await expect.poll(() => has(added, 'for the new one'), soon).toBe(true);
  expect(cluster.nodes.map((node) => node.name)).toContain('pg-extra');
});

test('an unknown node is refused with the names there are', () => {
  expect(() => cluster.node('pg-x')).toThrow('There is no node "pg-x". Nodes: pg-a, pg-b, pg-c, pg-extra.');
});
