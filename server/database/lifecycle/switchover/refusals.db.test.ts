import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type DatabaseLayer, openDatabase } from '../../index.ts';
import {
  describeEngines,
  type FaultyCluster,
  type Replicated,
  startNodes,
  startReplicatedOn,
  testSettings,
  until,
  withConnection,
} from '../../testing/index.ts';
import type { SwitchoverPlan } from './index.ts';

let replicated: Replicated<FaultyCluster>;

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

const beatingTheFence = {
  postgres: {
    set: 'ALTER ROLE replicator SET default_transaction_read_only = off',
    reset: 'ALTER ROLE replicator RESET ALL',
    why: /The fence of .* would not hold: .* is set for role replicator/,
  },
  mysql: {
    set: 'GRANT READ ONLY ADMIN ON *.* TO holdfast',
    reset: 'REVOKE READ ONLY ADMIN ON *.* FROM holdfast',
    why: /The fence of .* would not hold: our user writes in spite of read_only/,
  },
} as const;

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
    });
  });

  it('refuses while the master has a setting that beats the fence', async () => {
    const master = replicated.cluster.node('a');
    const { set, reset, why } = beatingTheFence[engine];
    await master.query(set);
    await expectRefusal(nameOf('b'), why);
    await master.query(reset);
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
      layer = await openDatabase(testSettings(`${cluster.node('a').url()},${foreign.cluster.node('a').url()}`));
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
