import { afterEach, describe, expect, it } from 'vitest';
import {
  type MariadbNode,
  type MariadbTestCluster,
  startMariadbCluster,
} from '../../../tools/cluster/mariadb/testing.ts';
import { bind, type DatabaseLayer, type MasterMark, openDatabase, statement } from '../index.ts';
import { createLedger, hasEngine, testSettings, until } from '../testing/index.ts';

let started: MariadbTestCluster | undefined;
let layer: DatabaseLayer | undefined;
let mark: MasterMark | undefined;
const masterMarks = {
  read: async () => mark,
  write: async (value: MasterMark) => {
    mark = value;
  },
};

afterEach(async () => {
  await layer?.close(1_000);
  await started?.stop();
  [layer, started, mark] = [undefined, undefined, undefined];
});

/** The statements of docs/guides/database-privileges.md. */
const recipe = [
  "CREATE USER 'chat'@'%' IDENTIFIED BY 'chat'",
  'CREATE DATABASE chat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  "GRANT ALL PRIVILEGES ON chat.* TO 'chat'@'%'",
  "GRANT SLAVE MONITOR ON *.* TO 'chat'@'%'",
  "GRANT BINLOG MONITOR ON *.* TO 'chat'@'%'",
];
const switchRecipe = [
  'CREATE ROLE holdfast_switch',
  'GRANT READ_ONLY ADMIN, CONNECTION ADMIN, PROCESS, REPLICATION SLAVE ADMIN, RELOAD ON *.* TO holdfast_switch',
  "GRANT holdfast_switch TO 'chat'@'%'",
];
const add = statement('privileges.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');

/** The old master becomes a replica by what is shown for it. */
async function rejoin(node: MariadbNode, commands: readonly string[]): Promise<void> {
  const replication = new URL(node.adminUrl());
  for (const text of commands.filter((one) => !one.startsWith('--'))) {
    await node.query(text.replace('<replication user>', replication.username).replace('••••', replication.password));
  }
}

describe.skipIf(!hasEngine('mysql'))('a MariaDB user with just its grants', () => {
  it('serves, writes masters down, measures itself and moves the master', async () => {
    started = await startMariadbCluster({ replicas: 1 });
    const [a, b] = ['my-a', 'my-b'].map((name) => started?.cluster.node(name));
    if (a === undefined || b === undefined) throw new Error('The cluster has no such nodes.');
    // The test's own application has it.
    await a.query('DROP ROLE holdfast_switch', ...recipe);
    await b.catchUp(a);
    const urls = [a, b].map(({ port }) => `mysql://chat:chat@127.0.0.1:${port}/chat`);
    const opened = await openDatabase(testSettings(urls.join(',')), { masterMarks });
    layer = opened;
    const sources = () => opened.control.status().sources;
    await createLedger(opened);
    await opened.onMaster((session) =>
      session.execute(
        'CREATE TABLE databaseepochs (epoch bigint PRIMARY KEY, master text, clusterid text, timeline bigint, changedat bigint)',
      ),
    );
    await until('both serve', () => sources().every(({ health }) => health === 'online'));
    expect(sources().map(({ cause }) => cause)).toEqual(['Accepts writes.', 'Serves reads.']);
    await until('the master is written down', () => mark?.epoch === 1);
    await until('its disk was asked', () => sources()[0]?.disk.checked_at !== null);
    expect(sources()[0]?.disk).toMatchObject({
      failure: null,
      database_bytes: expect.any(Number),
      log_bytes: expect.any(Number),
    });

    const [name] = sources()
      .slice(1)
      .map((one) => one.name);
    const request = { name: name ?? '' };
    const plan = await opened.control.planSwitchover(request);
    expect(plan.reason).toMatch(
      /^We may not fence .* on the master: CREATE ROLE IF NOT EXISTS holdfast_switch; GRANT READ_ONLY ADMIN, CONNECTION ADMIN, PROCESS ON \*\.\* TO holdfast_switch; GRANT holdfast_switch TO 'chat'@'%';$/,
    );
    const { outcome, summary } = await opened.control.switchover(request, () => undefined);
    expect([outcome, summary]).toEqual(['failed-nothing-changed', expect.stringContaining(plan.reason)]);

    await a.query("GRANT READ_ONLY ADMIN ON *.* TO 'chat'@'%'", ...switchRecipe);
    await b.catchUp(a);
    expect((await opened.control.planSwitchover(request)).reason).toContain('our user writes in spite of read_only');
    await a.query("REVOKE READ_ONLY ADMIN ON *.* FROM 'chat'@'%'");
    await b.catchUp(a);
    const allowed = await opened.control.planSwitchover(request);
    expect(allowed.checks.filter((check) => check.outcome !== 'passed')).toEqual([]);
    expect(allowed.effect).toContain('set read_only = 1 in the configuration file');
    const moved = await opened.control.switchover(request, () => undefined);
    expect(moved).toMatchObject({ outcome: 'succeeded' });
    await rejoin(a, moved.followUps[0]?.commands ?? []);
    await until('it serves as a replica', () =>
      sources().some(({ port, health }) => port === a.port && health === 'online'),
    );
    await opened.database.write(opened.causalities.of('ann'), bind(add, 'afterwards'));
    await until('the new master is written down', () => mark?.epoch === 2);
    expect([mark?.master, sources()[0]?.name]).toEqual([name, name]);
  });
});
