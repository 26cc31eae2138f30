import { afterEach, expect, it } from 'vitest';
import { queryMariadb } from '../../../tools/cluster/mariadb/session.ts';
import { queryOnce } from '../../../tools/cluster/session.ts';
import type { DriverName } from '../data-source/data-source.ts';
import { bind, statement } from '../index.ts';
import { describeEngines, type FaultyCluster, type Replicated, startReplicatedOn, until } from '../testing/index.ts';

const add = statement('without.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 5, 1)');
const get = statement('without.get', 'SELECT id FROM ledger WHERE id = $1');

let it3: Replicated<FaultyCluster>;
afterEach(() => it3.stop());

const ann = () => it3.layer.causalities.of('ann');
const write = (id: string) => it3.layer.database.write(ann(), bind(add, id));
const read = (id: string, who = ann()) => it3.layer.database.read(who, get, id);
const behind = () => it3.layer.control.status().reads.behind_total;
const told = () => it3.events.filter(({ kind }) => kind === 'reads_behind').length;

/** Whether a replica has all that the master has written, applied or not. */
async function hasReceived(engine: DriverName, name: string): Promise<boolean> {
  const [from, to] = [it3.cluster.node('a').url(), it3.cluster.node(name).url()];
  if (engine === 'postgres') {
    const [master] = await queryOnce(from, 'SELECT pg_current_wal_flush_lsn()::text AS at');
    const [row] = await queryOnce(to, 'SELECT pg_last_wal_receive_lsn() >= $1::pg_lsn AS there', [master?.['at']]);
    return row?.['there'] === true;
  }
  const [master] = await queryMariadb(from, ['SELECT @@global.gtid_binlog_pos AS at']);
  const [row] = await queryMariadb(to, ['SHOW REPLICA STATUS']);
  return row?.['Gtid_IO_Pos'] === master?.['at'];
}

describeEngines('a read while the master is away', (engine) => {
  it('waits for a replica that has yet to apply what it has received', async () => {
    it3 = await startReplicatedOn(engine);
    const { cluster, source } = it3;
    for (const name of ['b', 'c']) await cluster.node(name).setApplyDelay(3_000);
    await until('both apply late, and have received what they do not show', async () => {
      await write(`warm-${Date.now()}-${Math.random()}`);
      return ['b', 'c'].every((name) => (source(name).lag_seconds ?? 0) > 0.5);
    });
    await write('late');
    for (const name of ['b', 'c']) await until(`${name} has received it`, () => hasReceived(engine, name));
    await cluster.node('a').kill();
    await until('the master is known to be gone', () => source('a').health === 'offline');
    expect(await read('late')).toHaveLength(1);
    expect([behind(), told()]).toEqual([0, 0]);
  });

  it('goes on with what there is, and tells so, when what was acknowledged last died with the master', async () => {
    it3 = await startReplicatedOn(engine, { overrides: { ReplicaLagLimitMilliseconds: 1_500 } });
    const { cluster, layer, source } = it3;
    await write('replicated');
    for (const name of ['b', 'c']) await until(`${name} has it`, () => source(name).lag_seconds === 0);
    for (const name of ['b', 'c']) {
      await cluster.node(name).cutReplication();
      await until(`${name} is cut off`, () => /its replication link is down/.test(source(name).cause));
    }
    await write('lost');
    await cluster.node('a').kill();
    await until('the master is known to be gone', () => source('a').health === 'offline');

    // Nobody else is bound by it.
    expect(await read('replicated', layer.causalities.of('bob'))).toHaveLength(1);
    expect([behind(), told()]).toEqual([0, 0]);
    expect(await read('lost')).toEqual([]);
    expect(await read('replicated')).toHaveLength(1);
    expect([behind(), told()]).toEqual([2, 1]);
    expect(layer.control.mode().mode).not.toBe('normal');

    await cluster.node('a').start();
    await until('the master is back', () => layer.control.mode().mode === 'normal');
    expect(await read('lost')).toHaveLength(1);
    expect(behind()).toBe(2);
  });

  it('does not take a master that came back as a replica for one that has everything', async () => {
    it3 = await startReplicatedOn(engine, {
      replicas: 1,
      overrides: { FollowPromotion: false, ReplicaLagLimitMilliseconds: 1_500 },
    });
    const { cluster, source } = it3;
    await cluster.node('b').promote();
    await write('only-on-a');
    await cluster.node('a').rebuild(cluster.node('b'));
    await until('it is a replica', () => source('a').observed_role === 'replica');
    expect(await read('only-on-a')).toEqual([]);
    expect([behind(), told()]).toEqual([1, 1]);
  });
});
