import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLedger, drillReplica, LedgerLoad, type Replicated, startReplicated, until } from '../testing/index.ts';

let it3: Replicated;
let load: LedgerLoad;
beforeAll(async () => {
  it3 = await startReplicated();
  load = new LedgerLoad(it3.layer, 4);
});
afterAll(async () => {
  const report = await load.stop();
  try {
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(it3.layer, report)).toEqual({ lost: [], disordered: 0 });
  } finally {
    await it3.stop();
  }
});

describe('a replica that was away', () => {
  const node = () => it3.cluster.node('pg-b');

  it('is killed and comes back with a large lag: it serves only once it has caught up', () =>
    drillReplica(it3, load, {
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
});
