import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from '../../../tools/faults/index.ts';
import { statement } from '../index.ts';
import { compareLedger, drillReplica, LedgerLoad, type Replicated, startReplicated, until } from '../testing/index.ts';

const why = whyNoSmallDisk();
const roomMegabytes = 400;
/** More rows than fit into `work_mem`: the sort goes to the disk. */
const sortSql =
  'SELECT count(*) AS n FROM (SELECT md5(i::text) AS h FROM generate_series(1, 200000) AS i ORDER BY h) AS sorted';
const sort = statement('test.sort', sortSql);

let it3: Replicated;
let load: LedgerLoad;
let disk: SmallDisk | undefined;
const node = () => it3.cluster.node('pg-b');

beforeEach(async () => {
  disk = undefined;
  it3 = await startReplicated();
});
afterEach(async () => {
  await node().kill();
  disk?.remove();
  await it3.stop();
});

/** Moves a folder of the replica's data to a small disk, and begins the load. */
async function begin(folder: string): Promise<SmallDisk> {
  await node().stopFast();
  const made = putOnSmallDisk(join(node().dataDirectory, folder), roomMegabytes);
  disk = made;
  await node().start();
  await until('it serves', () => it3.source('pg-b').health === 'online');
  load = new LedgerLoad(it3.layer, 4);
  return made;
}

/** Not one failed and not one stale read in 10,000. */
async function expectCalm(): Promise<void> {
  await until('10,000 reads', () => load.report.reads > 10_000, 50_000);
  const report = await load.stop();
  expect(report).toMatchObject({ errors: [], stale: 0 });
  expect(await compareLedger(it3.layer, report)).toEqual({ lost: [], disordered: 0 });
}

/** New log files and larger tables are what a replica needs room for; some files of the log are kept to be used again. */
async function writeMuch(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) {
    await it3.cluster.node('pg-a').query('SELECT pg_switch_wal()');
    await load.more(50);
  }
}

describe.skipIf(why !== undefined)(`a replica with a full disk${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  it('has no room to sort: its reads are answered elsewhere, and it stays out for a while', async () => {
    // The folder is made by the first sort that needs it.
    await node().query(sortSql);
    const small = await begin('base/pgsql_tmp');
    const sorts = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 8 }, () => it3.layer.database.readStale(sort)));
    await drillReplica(it3, load, {
      make: async () => {
        small.fill();
        await sorts();
      },
      undo: () => small.free(),
      cause: /No space left on device/,
    });
    await sorts();
    await expectCalm();
  });

  it('is the master, and has no room to sort: a read waits for some', async () => {
    const master = it3.cluster.node('pg-a');
    await master.query(sortSql);
    await node().kill();
    await it3.cluster.node('pg-c').kill();
    disk = putOnSmallDisk(join(master.dataDirectory, 'base/pgsql_tmp'), roomMegabytes);
    disk.fill();
    const read = it3.layer.database.readLatest(sort);
    await until('it has failed once', () => it3.source('pg-a').errors_total > 0);
    disk.free();
    await expect(read).resolves.toHaveLength(1);
    await master.kill();
  });

  it.each([
    ['its data', '.', /cannot be reached|No space left on device|its replication link is down/],
    ['its write-ahead log', 'pg_wal', /its replication link is down/],
  ])('has no room for %s: it leaves, and returns when there is room again', async (_, folder, cause) => {
    const small = await begin(folder);
    await drillReplica(it3, load, {
      make: async () => {
        small.fill();
        await writeMuch();
      },
      undo: async () => {
        small.free();
        await node().start();
      },
      cause,
    });
    await expectCalm();
  });
});
