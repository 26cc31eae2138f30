import { afterEach, expect, it } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../../../tools/faults/index.ts';
import { bind, type DatabaseLayer, openDatabase, statement } from '../index.ts';
import {
  describeEngines,
  type FaultyCluster,
  type Replicated,
  startReplicatedOn,
  testSettings,
  until,
} from '../testing/index.ts';

const add = statement('address.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 1, 1)');
const get = statement('address.get', 'SELECT id FROM ledger WHERE id = $1');

let it3: Replicated<FaultyCluster>;
let proxy: FaultProxy;
let layer: DatabaseLayer;
afterEach(async () => {
  await layer.close(1_000);
  await proxy.close();
  await it3.stop();
});

/** The first node as clients reach it who know no more than an address that moves. */
function movingUrl(): string {
  const url = new URL(it3.cluster.node('a').url());
  url.port = String(proxy.port);
  return url.href;
}

describeEngines('an address behind which the master changes', (engine) => {
  it('is followed: a new history begins, and replicas of the new master serve again', async () => {
    it3 = await startReplicatedOn(engine);
    const { cluster } = it3;
    proxy = await createFaultProxy({ targetPort: cluster.node('a').port });
    layer = await openDatabase(testSettings(`${movingUrl()},${cluster.node('c').url()}`));
    const events: string[] = [];
    layer.control.subscribe(({ kind }) => events.push(kind));
    const ann = layer.causalities.of('ann');
    await layer.database.write(ann, bind(add, 'before'));
    await until('it is replicated', () => layer.control.status().sources[1]?.lag_seconds === 0);

    await cluster.node('a').kill();
    await cluster.node('b').promote();
    await cluster.node('c').follow(cluster.node('b'));
    proxy.retarget(cluster.node('b').port);
    await until('a history begins', () => events.includes('history_changed'));
    await until('writes go on', () => layer.control.mode().mode === 'normal');
    await layer.database.write(ann, bind(add, 'after'));
    const changedAt = Date.now();
    await until('the replica is checked against the new master, and serves', () => {
      const { health, checked_at: checkedAt } = layer.control.status().sources[1] ?? { health: '', checked_at: 0 };
      return health === 'online' && checkedAt > changedAt;
    });
    const before = layer.control.status().reads.replica_total;
    await until('it serves the newest', async () => {
      expect(await layer.database.read(ann, get, 'after')).toHaveLength(1);
      return layer.control.status().reads.replica_total > before;
    });
  });
});
