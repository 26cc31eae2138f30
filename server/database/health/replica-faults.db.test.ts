import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareLedger,
  drillReplica,
  LedgerLoad,
  type Replicated,
  type ReplicaFault,
  startReplicated,
  until,
} from '../testing/index.ts';

let it3: Replicated;
let load: LedgerLoad;
beforeAll(async () => {
  it3 = await startReplicated();
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

describe('a replica under load', () => {
  const node = () => it3.cluster.node('pg-b');
  const drill = (fault: ReplicaFault): Promise<void> => drillReplica(it3, load, fault);

  it('is killed and comes back', () =>
    drill({ make: () => node().kill(), undo: () => node().start(), cause: /cannot be reached: connect ECONNREFUSED/ }));

  it('freezes and thaws', () =>
    drill({ make: () => node().freeze(), undo: () => node().thaw(), cause: /does not answer/ }));

  it('is cut off from the master', () =>
    drill({
      make: () => node().cutReplication(),
      undo: () => node().restoreReplication(it3.cluster.node('pg-a')),
      cause: /does not receive changes/,
    }));

  it('stops replaying and comes back with a large lag', () =>
    drill({ make: () => node().pauseReplay(), undo: () => node().resumeReplay(), cause: /Lag .* Replay is paused/ }));

  it('is killed and comes back with a large lag: it serves only once it has caught up', () =>
    drill({
      make: async () => {
        await node().kill();
        const away = Date.now();
        await until('it has missed more than the limit allows', () => Date.now() - away > 5_500);
        // Without a link until it applies what it gets too late: otherwise it would be up to date before anybody looks.
        node().cutReplication();
        await node().start();
        await until('it has applied what it had, and asks for more', async () => {
          const [row] = await node().query('SELECT pg_last_wal_receive_lsn() AS asked');
          return row?.['asked'] !== null;
        });
        node().setApplyDelay(600_000);
        await node().restoreReplication(it3.cluster.node('pg-a'));
      },
      undo: () => node().setApplyDelay(0),
      cause: /Lag .* s > 5\.0 s\. Returns below 2\.5 s\./,
    }));

  it('and its sibling are both gone: the master serves, and everybody can see why', async () => {
    const { cluster, layer, source } = it3;
    await Promise.all([cluster.node('pg-b').kill(), cluster.node('pg-c').kill()]);
    await until('both left', () => source('pg-b').health === 'offline' && source('pg-c').health === 'offline');
    await load.more(500);
    expect(layer.control.status().reads.master_by_reason['no_replica']).toBeGreaterThan(0);
    await Promise.all([cluster.node('pg-b').start(), cluster.node('pg-c').start()]);
    await until('both serve', () => source('pg-b').health === 'online' && source('pg-c').health === 'online');
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
