import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  compareLedger,
  describeEngines,
  drillReplica,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  type ReplicaFault,
  startReplicatedOn,
  until,
} from '../testing/index.ts';

let it3: Replicated<FaultyCluster>;
let load: LedgerLoad;

const drill = (fault: ReplicaFault): Promise<void> => drillReplica(it3, load, fault, 'b');

describeEngines('a replica under load', (engine) => {
  beforeAll(async () => {
    it3 = await startReplicatedOn(engine);
    load = new LedgerLoad(it3.layer, 4);
  });
  afterAll(async () => {
    const report = await load.stop();
    try {
      // Over all faults together: not one failed and not one stale read.
      expect(report).toMatchObject({ errors: [], stale: 0 });
      expect(report.reads).toBeGreaterThan(10_000);
      expect(await compareLedger(it3.layer, report)).toEqual({ lost: [], disordered: 0 });
    } finally {
      await it3.stop();
    }
  });

  const node = () => it3.cluster.node('b');

  it('is killed and comes back', () =>
    drill({ make: () => node().kill(), undo: () => node().start(), cause: /cannot be reached: connect ECONNREFUSED/ }));

  it('freezes and thaws', () =>
    drill({ make: () => node().freeze(), undo: () => node().thaw(), cause: /does not answer/ }));

  it('is cut off from the master', () =>
    drill({
      make: () => node().cutReplication(),
      undo: () => node().restoreReplication(it3.cluster.node('a')),
      cause: /does not receive changes/,
    }));

  it('stops replaying and comes back with a large lag', () =>
    drill({ make: () => node().pauseReplay(), undo: () => node().resumeReplay(), cause: /Lag .* Replay is paused/ }));

  it('and its sibling are both gone: the master serves, and everybody can see why', async () => {
    const { cluster, layer, source } = it3;
    await Promise.all([cluster.node('b').kill(), cluster.node('c').kill()]);
    await until('both left', () => source('b').health === 'offline' && source('c').health === 'offline');
    await load.more(500);
    expect(layer.control.status().reads.master_by_reason['no_replica']).toBeGreaterThan(0);
    await Promise.all([cluster.node('b').start(), cluster.node('c').start()]);
    await until('both serve', () => source('b').health === 'online' && source('c').health === 'online');
    await until(
      '10,000 reads',
      async () => {
        await load.more(100);
        return load.report.reads > 10_000;
      },
      50_000,
    );
  });
});
