import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryMariadb } from '../../../tools/cluster/mariadb/session.ts';
import { queryOnce } from '../../../tools/cluster/session.ts';
import { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from '../../../tools/faults/index.ts';
import { findPlugins, PLUGINS_ADVICE } from '../../../tools/test/mariadb-plugins.ts';
import type { DriverName } from '../data-source/data-source.ts';
import { bind, type Statement, statement } from '../index.ts';
import { describeEngines, type FaultyCluster, type Replicated, startReplicatedOn, until } from '../testing/index.ts';

const plugins = findPlugins();

const why = whyNoSmallDisk();
const megabytes = 256;
const overrides = { DiskCheckIntervalMilliseconds: 200 };
const setUp = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../config/setup/${name}-disk.sql`, import.meta.url)), 'utf8');

interface Engine {
  /** What an administrator does, so that the databases tell of their disks. */
  makeKnown(cluster: FaultyCluster, names: readonly string[]): Promise<unknown>;
  /** Where a node has its log, and what it sorts where that is not on the disk of its data, by the folder of its data. */
  readonly log: (data: string) => string;
  readonly sorts?: (data: string) => string;
  /** 20,000 rows in one statement. */
  readonly insert: Statement;
  /** More rows than fit into memory: the sort goes to the disk. */
  readonly sort: Statement;
  /** How it says that it has no room for a row. */
  readonly refusal: { readonly code: string; readonly text: string };
}

const engines: Readonly<Record<DriverName, Engine>> = {
  postgres: {
    makeKnown: (cluster) => queryOnce(cluster.node('a').adminUrl('holdfast'), setUp('postgres')),
    log: (data) => join(data, 'pg_wal'),
    insert: statement(
      'test.fill',
      'INSERT INTO ledger (id, author, n) SELECT $1 || i, 1, i FROM generate_series(1, 20000) i',
    ),
    sort: statement(
      'test.sort',
      'SELECT count(*) AS n FROM (SELECT md5(i::text) AS h FROM generate_series(1, 200000) AS i ORDER BY h) AS sorted',
    ),
    refusal: { code: '53100', text: 'No space left on device' },
  },
  mysql: {
    async makeKnown(cluster, names) {
      // As a client program cuts it. A replica has neither the plugin nor its function from the master.
      const script = setUp('mariadb').replaceAll(/^--.*$/gm, '');
      const statements = script.split(/;\s*$/m).filter((text) => text.trim() !== '');
      for (const name of names) await queryMariadb(cluster.node(name).adminUrl('holdfast'), statements);
    },
    log: (data) => `${data}.log`,
    sorts: (data) => `${data}.tmp`,
    insert: statement(
      'test.fill',
      'INSERT INTO ledger (id, author, n) SELECT CONCAT($1, seq), 1, seq FROM seq_1_to_20000',
    ),
    sort: statement(
      'test.sort',
      'SELECT count(*) AS n FROM (SELECT md5(seq) AS h FROM seq_1_to_200000 ORDER BY h LIMIT 200000) AS sorted',
    ),
    refusal: { code: 'ER_RECORD_FILE_FULL', text: "The table 'ledger' is full" },
  },
};

interface OnSmallDisk {
  readonly world: Replicated<FaultyCluster>;
  readonly small: SmallDisk;
  /** Moves one more folder of the stopped node to a disk of its own. */
  readonly move: (folder: string, room: number) => SmallDisk;
  /** Ends the cluster, and what is mounted with it. */
  readonly stop: () => Promise<void>;
}

/** A cluster whose node `name` has its data on a small disk. Whatever is mounted goes, also when something fails on the way. */
async function startOnSmallDisk(engine: DriverName, name: 'a' | 'b', replicas: number): Promise<OnSmallDisk> {
  if (engine === 'mysql' && plugins === undefined) throw new Error(PLUGINS_ADVICE);
  const world = await startReplicatedOn(engine, { replicas, overrides, mariadb: { 'plugin-dir': plugins ?? '' } });
  const node = world.cluster.node(name);
  const disks: SmallDisk[] = [];
  const move = (folder: string, room: number): SmallDisk => {
    const disk = putOnSmallDisk(folder, room);
    disks.push(disk);
    return disk;
  };
  const stop = async (): Promise<void> => {
    await node.kill();
    for (const disk of disks.toReversed()) disk.remove();
    await world.stop();
  };
  try {
    await engines[engine].makeKnown(world.cluster, ['a', 'b'].slice(0, 1 + replicas));
    await until('everybody can be asked', () => world.layer.control.status().sources.every(({ disk }) => disk.space));
    await node.stopFast();
    const small = move(node.dataDirectory, megabytes);
    await node.start();
    await until(
      'it serves',
      () => world.source(name).health === 'online' && world.layer.control.mode().mode === 'normal',
    );
    const total = (): number => world.source(name).disk.space?.total_bytes ?? 0;
    await until('it is asked on its new disk', () => total() === small.totalBytes);
    return { world, small, move, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

describe.skipIf(why !== undefined)(`a small disk${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  describeEngines('under the master', (engine) => {
    let world: Replicated<FaultyCluster>;
    let small: SmallDisk;
    let stop: OnSmallDisk['stop'] | undefined;
    beforeAll(async () => {
      ({ world, small, stop } = await startOnSmallDisk(engine, 'a', 0));
    });
    afterAll(() => stop?.());

    const disk = () => world.source('a').disk;
    const levels = () =>
      disk()
        .warnings.filter(({ kind }) => kind === 'disk_low')
        .map(({ severity }) => severity);
    const ballast = () => join(world.cluster.node('a').dataDirectory, 'part-of-the-disk');

    /** Takes so much that only this share of the disk is free. */
    function leave(freeShare: number): void {
      rmSync(ballast(), { force: true });
      const { free_bytes: free = 0 } = disk().space ?? {};
      writeFileSync(ballast(), Buffer.alloc(Math.floor(free - freeShare * small.totalBytes)));
    }

    it('is low from 80 % on, an error from 90 % on, and recovers', async () => {
      expect(levels()).toEqual([]);
      leave(0.15);
      await until('it is low', () => levels()[0] === 'warning');
      rmSync(ballast());
      await until('it is over', () => levels().length === 0);
      leave(0.05);
      await until('it is an error', () => levels()[0] === 'error');
      rmSync(ballast());
      await until('it is over again', () => levels().length === 0);
      const told = world.events.filter(({ detail }) => detail['about'] === 'data');
      expect(told.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
        'disk_low warning',
        'disk_recovered info',
        'disk_low error',
        'disk_recovered info',
      ]);
    });

    it('is told to be full by the write that found it so, while the database goes on to serve reads', async () => {
      const causality = world.layer.causalities.of('writer');
      small.fill();
      let refusal: unknown;
      for (let turn = 0; refusal === undefined; turn++) {
        await world.layer.database
          .write(causality, bind(engines[engine].insert, `${turn} `))
          .catch((error: unknown) => {
            refusal = error;
          });
      }
      expect(refusal).toMatchObject({ kind: 'disk', code: engines[engine].refusal.code });
      // At once: the refusal has come only now.
      expect(disk().warnings).toContainEqual({
        kind: 'disk_full',
        severity: 'error',
        text: expect.stringContaining(engines[engine].refusal.text),
      });
      expect(world.events.filter(({ kind }) => kind === 'disk_full')).toHaveLength(1);
      expect(world.source('a').health).toBe('online');
      small.free();
      await world.layer.database.write(causality, bind(engines[engine].insert, 'again '));
    });
  });

  describeEngines('under a replica', (engine) => {
    let world: Replicated<FaultyCluster>;
    let small: SmallDisk;
    let move: OnSmallDisk['move'];
    let stop: OnSmallDisk['stop'] | undefined;
    beforeAll(async () => {
      ({ world, small, move, stop } = await startOnSmallDisk(engine, 'b', 1));
    });
    afterAll(() => stop?.());

    it('is the one that the replica tells of, not the master’s', () => {
      const [master, replica] = ['a', 'b'].map((name) => world.source(name).disk);
      expect(replica?.space?.source).toContain(world.cluster.node('b').dataDirectory);
      expect(master?.space?.total_bytes).not.toBe(small.totalBytes);
      expect(replica?.times_master).toBeCloseTo(small.totalBytes / (master?.space?.total_bytes ?? 1), 5);
    });

    it('may be another one for the log, which is told by itself', async () => {
      const node = world.cluster.node('b');
      await node.stopFast();
      const log = move(engines[engine].log(node.dataDirectory), 128);
      await node.start();
      const logDisk = () => world.source('b').disk.log_space;
      await until('it is told', () => logDisk()?.total_bytes === log.totalBytes);
      expect(logDisk()?.source).toContain(engines[engine].log(node.dataDirectory));
    });

    it('is told to be full by the read that found it so, which is answered elsewhere', async () => {
      const { sort, sorts } = engines[engine];
      const node = world.cluster.node('b');
      let disk = small;
      if (sorts !== undefined) {
        await node.stopFast();
        disk = move(sorts(node.dataDirectory), 64);
        await node.start();
      }
      await until('it serves', () => world.source('b').health === 'online');
      disk.fill();
      const reads = Array.from({ length: 8 }, () => world.layer.database.readStale(sort));
      expect((await Promise.all(reads)).map(([row]) => row)).toEqual(reads.map(() => ({ n: 200_000 })));
      await until('it is told', () =>
        world.events.some(({ kind, source }) => kind === 'disk_full' && source === world.source('b').name),
      );
    });
  });
});
