import { afterEach, describe, expect, it } from 'vitest';
import { withSession } from '../../../tools/cluster/session.ts';
import { startTestCluster, type TestCluster } from '../../../tools/cluster/testing.ts';
import { bind, type DatabaseLayer, type MasterMark, openDatabase, statement } from '../index.ts';
import { createLedger, testSettings, until } from '../testing/index.ts';

let started: TestCluster | undefined;
let layer: DatabaseLayer | undefined;
let mark: MasterMark | undefined;

afterEach(async () => {
  await layer?.close(1_000);
  await started?.stop();
  [layer, started, mark] = [undefined, undefined, undefined];
});

/** The statements of docs/guides/database-privileges.md, by the role that they make. */
const recipe = {
  monitor: ['CREATE ROLE holdfast_monitor NOLOGIN IN ROLE pg_monitor', 'GRANT holdfast_monitor TO chat'],
  switch: [
    'CREATE ROLE holdfast_switch NOLOGIN IN ROLE pg_signal_backend',
    'GRANT ALTER SYSTEM ON PARAMETER default_transaction_read_only, primary_conninfo TO holdfast_switch',
    'GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_reload_conf() TO holdfast_switch',
    'GRANT holdfast_switch TO chat',
  ],
} as const;

/** A cluster whose application owns a database of its own and has these roles besides. */
async function open(...roles: readonly (keyof typeof recipe)[]): Promise<DatabaseLayer> {
  started = await startTestCluster({ replicas: 2 });
  const { cluster } = started;
  const master = cluster.node('pg-a');
  await master.query("CREATE ROLE chat LOGIN PASSWORD 'chat'");
  await master.query('CREATE DATABASE chat OWNER chat');
  await withSession(master.adminUrl('chat'), async (session) => {
    for (const statement of roles.flatMap((role) => recipe[role])) await session.query(statement);
  });
  const urls = ['pg-a', 'pg-b', 'pg-c'].map((node) => `postgres://chat:chat@127.0.0.1:${cluster.node(node).port}/chat`);
  // The slot of a re-pointed replica, made where it will be needed: the other way is the attribute REPLICATION.
  await cluster.node('pg-b').query("SELECT pg_create_physical_replication_slot('pg_c')");
  const masterMarks = {
    read: async () => mark,
    write: async (value: MasterMark) => {
      mark = value;
    },
  };
  const opened = await openDatabase(testSettings(urls.join(',')), { masterMarks });
  layer = opened;
  await until('all serve', () => opened.control.status().sources.every(({ health }) => health === 'online'));
  return opened;
}

const planOf = async ({ control }: DatabaseLayer) =>
  control.planSwitchover({ name: control.status().sources[1]?.name ?? '' });

const add = statement('privileges.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const sourceOf = ({ control }: DatabaseLayer, index: number) => control.status().sources[index];

describe('a role with just its grants', () => {
  it('the application alone serves, measures itself, follows a promotion, and the dry run names what a switchover lacks', async () => {
    const opened = await open();
    await createLedger(opened);
    await opened.onMaster((session) =>
      session.execute(
        'CREATE TABLE databaseepochs (epoch bigint PRIMARY KEY, master text, clusterid text, timeline bigint, changedat bigint)',
      ),
    );
    await until('the master is written down', () => mark?.epoch === 1);
    await until('its disk was asked', () => sourceOf(opened, 0)?.disk.checked_at !== null);
    expect(sourceOf(opened, 0)?.disk).toMatchObject({
      failure: null,
      database_bytes: expect.any(Number),
      log_bytes: null,
      unknown: expect.stringContaining('config/setup/postgres-disk.sql'),
    });

    const plan = await planOf(opened);
    expect(plan.possible).toBe(false);
    expect(plan.reason).toMatch(
      /^We may not fence .* Run as an administrator on the master: GRANT ALTER SYSTEM ON PARAMETER/,
    );
    const texts = plan.checks.map(({ text }) => text).join('\n');
    for (const grant of [
      'GRANT ALTER SYSTEM ON PARAMETER default_transaction_read_only TO chat;',
      'GRANT EXECUTE ON FUNCTION pg_reload_conf() TO chat;',
      'GRANT pg_signal_backend TO chat;',
      'GRANT pg_monitor TO chat;',
      'GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO chat;',
      'GRANT ALTER SYSTEM ON PARAMETER primary_conninfo TO chat;',
    ]) {
      expect(texts).toContain(grant);
    }
    const { outcome, summary } = await opened.control.switchover({ name: plan.to }, () => undefined);
    expect([outcome, summary]).toEqual(['failed-nothing-changed', expect.stringContaining(plan.reason)]);

    await until('the replicas have the tables', () =>
      opened.control.status().sources.every((one) => one.lag_bytes === 0),
    );
    await started?.cluster.node('pg-a').kill();
    await started?.cluster.node('pg-b').promote();
    await opened.database.write(opened.causalities.of('ann'), bind(add, 'afterwards'));
    await until('the new master is written down', () => mark?.epoch === 2);
    expect(mark?.master).toBe(sourceOf(opened, 0)?.name);
  });

  it('with the monitor role it sees everything, and still may not fence', async () => {
    const opened = await open('monitor');
    const plan = await planOf(opened);
    expect(plan.checks.find(({ name }) => name === 'Transactions')).toMatchObject({ outcome: 'passed' });
    expect(plan.reason).toMatch(/We may not fence/);
    expect(plan.reason).not.toContain('pg_monitor');
    await until('its disk was asked', () => sourceOf(opened, 0)?.disk.checked_at !== null);
    expect(sourceOf(opened, 0)?.disk).toMatchObject({ failure: null, log_bytes: expect.any(Number) });
  });

  it('with the switch role it switches over by itself', async () => {
    const opened = await open('monitor', 'switch');
    const plan = await planOf(opened);
    expect(plan.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    const result = await opened.control.switchover({ name: plan.to }, () => undefined);
    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(result.followUps.map(({ source }) => source)).toEqual([plan.from]);
  });

  it('without the right to re-point, the other replica is left to a person, with the commands', async () => {
    const opened = await open('monitor', 'switch');
    await started?.cluster.node('pg-a').query('REVOKE ALTER SYSTEM ON PARAMETER primary_conninfo FROM holdfast_switch');
    await until('it is told', async () => (await planOf(opened)).commands.length === 2);
    const plan = await planOf(opened);
    expect(plan.possible).toBe(true);
    const { outcome, followUps } = await opened.control.switchover({ name: plan.to }, () => undefined);
    expect(outcome).toBe('succeeded');
    expect(followUps[0]?.commands.join(' ')).toMatch(
      /ALTER SYSTEM SET primary_conninfo = 'host=127\.0\.0\.1 port=\d+ /,
    );
    expect(followUps[0]?.text).toContain('we may not re-point it');
  });
});
