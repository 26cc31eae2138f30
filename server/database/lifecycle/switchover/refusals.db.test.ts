import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queryMariadb } from '../../../../tools/cluster/mariadb/session.ts';
import { startMariadbCluster } from '../../../../tools/cluster/mariadb/testing.ts';
import { type DatabaseLayer, openDatabase } from '../../index.ts';
import {
  describeEngines,
  type FaultyCluster,
  hasEngine,
  type Replicated,
  startNodes,
  startReplicatedOn,
  testSettings,
  until,
  withConnection,
} from '../../testing/index.ts';
import type { SwitchoverPlan } from './index.ts';

let replicated: Replicated<FaultyCluster>;

const beatingTheFence = {
  postgres: {
    sets: 'ALTER ROLE replicator SET default_transaction_read_only = off',
    resets: 'ALTER ROLE replicator RESET ALL',
    reason: /The fence of .* would not hold: .* is set for role replicator/,
  },
  mysql: {
    sets: "GRANT READ ONLY ADMIN ON *.* TO holdfast@'%'",
    resets: "REVOKE READ ONLY ADMIN ON *.* FROM holdfast@'%'",
    reason: /The fence of .* would not hold: our user writes in spite of read_only\. Take READ_ONLY ADMIN/,
  },
};

const nameOf = (node: string): string => replicated.source(node).name;
const plan = (name = nameOf('b')): Promise<SwitchoverPlan> => replicated.layer.control.planSwitchover({ name });

/** The dry run refuses with this reason, and so does the real one, which changes nothing. */
async function expectRefusal(name: string, reason: RegExp): Promise<void> {
  const planned = await plan(name);
  expect(planned).toMatchObject({ possible: false });
  expect(planned.reason).toMatch(reason);
  const result = await replicated.layer.control.switchover({ name }, () => undefined);
  expect(result).toMatchObject({ outcome: 'failed-nothing-changed', generation: 1, writeHoldMs: 0 });
  expect(result.summary).toContain(planned.reason);
}

describeEngines('the dry run', (engine) => {
  beforeAll(async () => {
    replicated = await startReplicatedOn(engine);
  });
  afterAll(() => replicated.stop());
  beforeEach(async () => {
    await until('every database serves', () =>
      replicated.layer.control.status().sources.every(({ health }) => health === 'online'),
    );
  });

  it('passes every check of a sound cluster and shows how the old master comes back', async () => {
    const planned = await plan();
    expect(planned).toMatchObject({ possible: true, reason: '', from: nameOf('a'), to: nameOf('b'), loss: '' });
    expect(planned.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(planned.commands.map(({ source }) => source)).toEqual([nameOf('a')]);
    expect(JSON.stringify(planned)).not.toContain(new URL(replicated.cluster.node('a').url()).password);
  });

  it('refuses what is not there, and the master itself', async () => {
    await expectRefusal('z:5432/none', /There is no data source z:5432\/none/);
    await expectRefusal(nameOf('a'), /is the master already/);
  });

  it('refuses a candidate whose replay is paused', async () => {
    await replicated.cluster.node('b').pauseReplay();
    await expectRefusal(nameOf('b'), /has its replay paused\. Resume it/);
    await replicated.cluster.node('b').resumeReplay();
  });

  it('refuses a candidate that applies changes late', async () => {
    await replicated.cluster.node('b').setApplyDelay(60_000);
    await until('it is told', async () => !(await plan()).possible);
    await expectRefusal(nameOf('b'), /applies changes 60 s late on purpose/);
    await replicated.cluster.node('b').setApplyDelay(0);
    await until('it is told', async () => (await plan()).possible);
  });

  it('refuses a candidate that is cut off, and one that is down', async () => {
    await replicated.cluster.node('b').cutReplication();
    await until('it is cut off', async () => !(await plan()).possible);
    await expectRefusal(nameOf('b'), /its replication link is down/);
    await replicated.cluster.node('b').restoreReplication(replicated.cluster.node('a'));
    await replicated.cluster.node('b').kill();
    await expectRefusal(nameOf('b'), /does not answer: connect ECONNREFUSED/);
    await replicated.cluster.node('b').start();
  });

  it('refuses while the master has a long transaction', async () => {
    await withConnection(replicated.cluster.node('a').url(), async (connection) => {
      await connection.begin(5_000);
      await connection.execute({ text: 'SELECT COUNT(*) FROM ledger' }, [], 5_000);
      await until('it is old', async () => !(await plan()).possible);
      await expectRefusal(nameOf('b'), /has 1 transactions older than 5 s/);
      await connection.rollback(5_000);
      // MariaDB reads its list of transactions anew only when nobody has looked at it for 100 ms.
      await until('it is over', async () => {
        await sleep(150);
        return (await plan()).possible;
      });
    });
  });

  it('refuses while somebody would write in spite of the fence', async () => {
    const { sets, resets, reason } = beatingTheFence[engine];
    const master = replicated.cluster.node('a');
    await master.query(sets);
    await expectRefusal(nameOf('b'), reason);
    await master.query(resets);
  });

  it('refuses the emergency path while the master answers, and without its confirmation', async () => {
    const request = { name: nameOf('b'), emergency: true, confirmation: nameOf('b') };
    const { control } = replicated.layer;
    expect((await control.planSwitchover(request)).reason).toMatch(/answers and accepts writes: use the planned/);
    expect(await control.switchover(request, () => undefined)).toMatchObject({ outcome: 'failed-nothing-changed' });
  });

  it('refuses a candidate of another cluster', async () => {
    const foreign = await startNodes(engine, 0);
    let layer: DatabaseLayer | undefined;
    try {
      const { cluster } = replicated;
      const url = foreign.cluster.node('a').url();
      // In use before: on MariaDB it has no identity otherwise.
      await withConnection(url, (connection, dialect) => dialect.adopt(connection, 5_000));
      layer = await openDatabase(testSettings(`${cluster.node('a').url()},${url}`));
      const stranger = layer.control.status().sources[1]?.name ?? '';
      const planned = await layer.control.planSwitchover({ name: stranger });
      expect(planned.reason).toContain('belongs to another database cluster');
      expect(await layer.control.switchover({ name: stranger }, () => undefined)).toMatchObject({
        outcome: 'failed-nothing-changed',
      });
    } finally {
      await layer?.close(1_000);
      await foreign.stop();
    }
  });
});

/** Statements for the node that get in the way, and those that undo it. */
interface Obstacle {
  readonly on: 'a' | 'b';
  readonly sets: readonly string[];
  readonly resets: readonly string[];
  readonly reason: RegExp;
}

const follow = (how: string): string[] => ['STOP REPLICA', how, 'START REPLICA'];

const obstacles: readonly (Obstacle & { readonly what: string })[] = [
  {
    what: 'while the right to see sessions is missing',
    on: 'a',
    sets: ['REVOKE PROCESS ON *.* FROM holdfast_switch'],
    resets: ['GRANT PROCESS ON *.* TO holdfast_switch'],
    reason: /We may not fence .*\. Run as an administrator on the master: GRANT PROCESS ON \*\.\* TO holdfast_switch;/,
  },
  {
    what: 'while the master has a prepared transaction',
    on: 'a',
    sets: [
      "XA START 'x'",
      "INSERT INTO holdfast.ledger (id, author, n) VALUES ('xa', 9, 1)",
      "XA END 'x'",
      "XA PREPARE 'x'",
    ],
    resets: ["XA ROLLBACK 'x'"],
    reason: /has 1 prepared transactions\. Commit or roll back each/,
  },
  {
    what: 'a candidate that has changes of its own',
    on: 'b',
    sets: ['SET SESSION gtid_domain_id = 9', 'CREATE TABLE holdfast.own (n INT)'],
    resets: ['SET SESSION sql_log_bin = 0', 'DROP TABLE holdfast.own', 'RESET MASTER'],
    reason: /cannot become the master: it has changes of its own \(9-2-1\): build it anew/,
  },
  {
    what: 'a candidate that leaves out changes',
    on: 'b',
    sets: follow("SET GLOBAL replicate_ignore_table = 'holdfast.nothing'"),
    resets: follow("SET GLOBAL replicate_ignore_table = ''"),
    reason: /it leaves out a part of the changes/,
  },
  {
    what: 'a candidate that follows by file and position',
    on: 'b',
    sets: follow('CHANGE MASTER TO master_use_gtid = no'),
    resets: follow('CHANGE MASTER TO master_use_gtid = slave_pos'),
    reason: /it follows by file and position: set MASTER_USE_GTID = slave_pos/,
  },
  {
    what: 'a candidate that follows another one, too',
    on: 'b',
    sets: ["CHANGE MASTER 'second' TO master_host = '127.0.0.1', master_port = 1, master_user = 'nobody'"],
    resets: ["RESET REPLICA 'second' ALL"],
    reason: /it follows several masters/,
  },
];

describe.skipIf(!hasEngine('mysql'))('the dry run on MariaDB refuses', () => {
  beforeAll(async () => {
    replicated = await startReplicatedOn('mysql', { replicas: 1 });
  });
  afterAll(() => replicated.stop());

  it.each(obstacles)('$what', async ({ on, sets, resets, reason }) => {
    const node = replicated.cluster.node(on);
    const run = (texts: readonly string[]): Promise<unknown> => queryMariadb(node.adminUrl(), texts);
    await run(sets);
    await until('it is told', async () => !(await plan()).possible);
    await expectRefusal(nameOf('b'), reason);
    await run(resets);
    await until('nothing is in the way', async () => (await plan()).possible);
  });
});

describe.skipIf(!hasEngine('mysql'))('the dry run on MariaDB without log_slave_updates', () => {
  it('refuses a candidate that nobody could follow', async () => {
    const { cluster, stop } = await startMariadbCluster({ replicas: 1, options: { 'log-slave-updates': '0' } });
    const layer = await openDatabase(testSettings(cluster.nodes.map((node) => node.url()).join(',')));
    const [, name = ''] = layer.control.status().sources.map((source) => source.name);
    await until('it serves', () => layer.control.status().sources.every(({ health }) => health === 'online'));
    const { reason } = await layer.control.planSwitchover({ name });
    await layer.close(1_000);
    await stop();
    expect(reason).toMatch(/nobody could follow it: start it with log_bin and log_slave_updates switched on/);
  });
});
