import { afterEach, describe, expect, it } from 'vitest';
import { type MariadbTestCluster, startMariadbCluster } from '../../../tools/cluster/mariadb/testing.ts';
import { bind, type DatabaseLayer, type MasterMark, openDatabase, statement } from '../index.ts';
import { createLedger, hasEngine, testSettings, until } from '../testing/index.ts';

let started: MariadbTestCluster | undefined;
let layer: DatabaseLayer | undefined;

afterEach(async () => {
  await layer?.close(1_000);
  await started?.stop();
  [layer, started] = [undefined, undefined];
});

/** The statements of docs/guides/database-privileges.md. */
const recipe = [
  "CREATE USER 'chat'@'%' IDENTIFIED BY 'chat'",
  'CREATE DATABASE chat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  "GRANT ALL PRIVILEGES ON chat.* TO 'chat'@'%'",
  "GRANT SLAVE MONITOR ON *.* TO 'chat'@'%'",
  "GRANT BINLOG MONITOR ON *.* TO 'chat'@'%'",
];
const add = statement('privileges.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');

describe.skipIf(!hasEngine('mysql'))('a MariaDB user with just its grants', () => {
  it('serves, writes masters down, measures itself and follows a promotion', async () => {
    started = await startMariadbCluster({ replicas: 1 });
    const [a, b] = ['my-a', 'my-b'].map((name) => started?.cluster.node(name));
    if (a === undefined || b === undefined) throw new Error('The cluster has no such nodes.');
    await a.query(...recipe);
    await b.catchUp(a);
    let mark: MasterMark | undefined;
    const masterMarks = {
      read: async () => mark,
      write: async (value: MasterMark) => {
        mark = value;
      },
    };
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
    const plan = await opened.control.planSwitchover({ name: name ?? '' });
    expect(plan).toMatchObject({ possible: false, reason: expect.stringContaining('not yet for MariaDB') });
    const { outcome, summary } = await opened.control.switchover({ name: name ?? '' }, () => undefined);
    expect([outcome, summary]).toEqual(['failed-nothing-changed', expect.stringContaining(plan.reason)]);

    await b.catchUp(a);
    await a.query('SET GLOBAL read_only = 1');
    await b.promote();
    await opened.database.write(opened.causalities.of('ann'), bind(add, 'afterwards'));
    await until('the new master is written down', () => mark?.epoch === 2);
    expect([mark?.master, sources()[0]?.name]).toEqual([name, name]);
  });
});
