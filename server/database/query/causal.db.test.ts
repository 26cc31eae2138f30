import { afterAll, beforeAll, expect, it } from 'vitest';
import { bind, parseToken, statement } from '../index.ts';
import {
  describeEngines,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  until,
} from '../testing/index.ts';

const pairs = 10_000;
const add = statement('causal.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 7, 1)');
const get = statement('causal.get', 'SELECT id FROM ledger WHERE id = $1');

let it3: Replicated<FaultyCluster>;

/** Lets both replicas apply changes late. MariaDB knows whole seconds only. */
const delay = (ms: number) => Promise.all(['b', 'c'].map(async (name) => it3.cluster.node(name).setApplyDelay(ms)));

/** Share of the reads since `before` that replicas served. */
function replicaShare(before: { replica_total: number; master_total: number }): number {
  const now = it3.layer.control.status().reads;
  const replica = now.replica_total - before.replica_total;
  return replica / (replica + now.master_total - before.master_total);
}

describeEngines('read your writes', (engine) => {
  beforeAll(async () => {
    it3 = await startReplicatedOn(engine);
  });
  afterAll(() => it3.stop());

  it(`has 0 stale of ${pairs} reads right after a write, served by replicas`, async ({ annotate }) => {
    const before = it3.layer.control.status().reads;
    const load = new LedgerLoad(it3.layer, 8);
    await load.more(pairs);
    const report = await load.stop();
    expect(report).toMatchObject({ stale: 0, errors: [] });
    const share = replicaShare(before);
    await annotate(`reads served by replicas, own writes just made: ${(share * 100).toFixed(1)} %`);
    expect(share).toBeGreaterThan(0);
  });

  it(`has 0 stale of ${pairs} while both replicas replay 2 s late, and others still read from them`, async ({
    annotate,
  }) => {
    const { layer } = it3;
    await delay(2_000);
    const load = new LedgerLoad(layer, 8);
    await until('the replicas are behind', async () => {
      await load.more(50);
      return (it3.source('b').lag_seconds ?? 0) > 1 && (it3.source('c').lag_seconds ?? 0) > 1;
    });
    const before = layer.control.status().reads;
    await load.more(pairs);
    const bystander = layer.causalities.of('bystander');
    for (let i = 0; i < 200; i++) await layer.database.read(bystander, get, '0-0');
    const report = await load.stop();
    await annotate(`reads served by replicas, 2 s of replay delay: ${(replicaShare(before) * 100).toFixed(1)} %`);
    expect(report).toMatchObject({ stale: 0, errors: [] });
    expect(layer.control.status().reads.replica_total - before.replica_total).toBeGreaterThanOrEqual(200);
    await delay(0);
  });

  it('has 0 stale while the master shares in the reads', async () => {
    const { layer, settings } = it3;
    const { outcome } = await layer.control.recycle(
      settings(['a', 'b', 'c'], { ReadFromMaster: true }),
      () => undefined,
    );
    expect(outcome).toBe('succeeded');
    await delay(300);
    const load = new LedgerLoad(layer, 4);
    await until('the replicas are behind', async () => {
      await load.more(50);
      return (it3.source('b').lag_seconds ?? 0) > 0.1 && (it3.source('c').lag_seconds ?? 0) > 0.1;
    });
    await load.more(1_000);
    expect(await load.stop()).toMatchObject({ stale: 0, errors: [] });
    await delay(0);
  });

  it('carries over to the receiver of a token', async () => {
    const { layer } = it3;
    const author = layer.causalities.of('author');
    const receiver = layer.causalities.of('receiver');
    for (let i = 0; i < 500; i++) {
      await layer.database.write(author, bind(add, `event-${i}`));
      receiver.raise(parseToken(author.token));
      expect(await layer.database.read(receiver, get, `event-${i}`)).toHaveLength(1);
    }
  });
});
