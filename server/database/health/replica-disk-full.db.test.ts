import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from '../../../tools/faults/index.ts';
import type { DriverName } from '../data-source/data-source.ts';
import { statement } from '../index.ts';
import {
  compareLedger,
  describeEngines,
  drillReplica,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  until,
} from '../testing/index.ts';

type Place = 'data' | 'log' | 'sort';

interface Engine {
  /** Where a node has its files, by the folder of its data. */
  folder(data: string, place: Place): string;
  /** More rows than fit into memory: the sort goes to the disk. */
  readonly rows: string;
  /** Makes the master begin a new file of its log. */
  readonly switchLog: string;
  /** It must be started anew to find that there is room again. */
  readonly looksSeldom: boolean;
}

const engines: Readonly<Record<DriverName, Engine>> = {
  postgres: {
    folder: (data, place) => join(data, { data: '.', log: 'pg_wal', sort: 'base/pgsql_tmp' }[place]),
    rows: 'SELECT md5(i::text) AS h FROM generate_series(1, 200000) AS i ORDER BY h',
    switchLog: 'SELECT pg_switch_wal()',
    looksSeldom: false,
  },
  mysql: {
    folder: (data, place) => `${data}${{ data: '', log: '.log', sort: '.tmp' }[place]}`,
    rows: 'SELECT md5(seq) AS h FROM seq_1_to_200000 ORDER BY h LIMIT 200000',
    switchLog: 'FLUSH BINARY LOGS',
    looksSeldom: true,
  },
};

const why = whyNoSmallDisk();
const roomMegabytes = 400;

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  describeEngines('of a replica', (name) => {
    const engine = engines[name];
    const sortSql = `SELECT count(*) AS n FROM (${engine.rows}) AS sorted`;
    const sort = statement('test.sort', sortSql);
    let it3: Replicated<FaultyCluster>;
    let load: LedgerLoad;
    let disk: SmallDisk | undefined;
    const node = () => it3.cluster.node('b');

    beforeEach(async () => {
      disk = undefined;
      it3 = await startReplicatedOn(name);
    });
    afterEach(async () => {
      await node().kill();
      disk?.remove();
      await it3.stop();
    });

    /** Moves a folder of the replica to a small disk, and begins the load. */
    async function begin(place: Place): Promise<SmallDisk> {
      await node().stopFast();
      const made = putOnSmallDisk(engine.folder(node().dataDirectory, place), roomMegabytes);
      disk = made;
      await node().start();
      await until('it serves', () => it3.source('b').health === 'online');
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

    /** New log files and larger tables are what a replica needs room for; PostgreSQL keeps some files to use them again. */
    async function writeMuch(): Promise<void> {
      for (let turn = 0; turn < 12; turn++) {
        await it3.cluster.node('a').query(engine.switchLog);
        await load.more(50);
      }
    }

    it('leaves none to sort: its reads are answered elsewhere, and it stays out for a while', async () => {
      // PostgreSQL makes the folder when the first sort needs it.
      await node().query(sortSql);
      const small = await begin('sort');
      const sorts = (): Promise<unknown> =>
        Promise.all(Array.from({ length: 8 }, () => it3.layer.database.readStale(sort)));
      await drillReplica(
        it3,
        load,
        {
          make: async () => {
            small.fill();
            await sorts();
          },
          undo: () => small.free(),
          cause: /No space left on device/,
        },
        'b',
      );
      await sorts();
      await expectCalm();
    });

    it('is the master’s, and leaves none to sort: a read waits for some', async () => {
      const master = it3.cluster.node('a');
      await master.query(sortSql);
      await node().kill();
      await it3.cluster.node('c').kill();
      disk = putOnSmallDisk(engine.folder(master.dataDirectory, 'sort'), roomMegabytes);
      disk.fill();
      const read = it3.layer.database.readLatest(sort);
      await until('it has failed once', () => it3.source('a').errors_total > 0);
      disk.free();
      await expect(read).resolves.toHaveLength(1);
      await master.kill();
    });

    it.each([
      ['data', /Lag |cannot be reached|No space left on device|its replication link is down/],
      ['log', /its replication link is down/],
    ] as const)('leaves no room for its %s: it goes, and returns when there is room again', async (place, cause) => {
      const small = await begin(place);
      await drillReplica(
        it3,
        load,
        {
          make: async () => {
            small.fill();
            await writeMuch();
          },
          undo: async () => {
            small.free();
            if (engine.looksSeldom) await node().kill();
            await node().start();
          },
          cause,
        },
        'b',
      );
      await expectCalm();
    });
  });
});
