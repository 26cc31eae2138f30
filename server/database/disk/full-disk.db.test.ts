import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOnce } from '../../../tools/cluster/session.ts';
import { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from '../../../tools/faults/index.ts';
import { bind, statement } from '../index.ts';
import { type Replicated, startReplicated, until } from '../testing/index.ts';

const why = whyNoSmallDisk();
const megabytes = 256;
const script = readFileSync(fileURLToPath(new URL('../../../config/setup/postgres-disk.sql', import.meta.url)), 'utf8');
const overrides = { DiskCheckIntervalMilliseconds: 200 };
const insert = statement(
  'test.fill',
  'INSERT INTO ledger (id, author, n) SELECT $1 || i, 1, i FROM generate_series(1, 20000) i',
);

/** More rows than fit into `work_mem`: the sort goes to the disk. */
const sort = statement(
  'test.sort',
  'SELECT count(*) AS n FROM (SELECT md5(i::text) AS h FROM generate_series(1, 200000) AS i ORDER BY h) AS sorted',
);

interface OnSmallDisk {
  readonly world: Replicated;
  readonly small: SmallDisk;
  /** Moves one more folder of the stopped node to a disk of its own. */
  readonly move: (folder: string, room: number) => SmallDisk;
  /** Ends the cluster, and what is mounted with it. */
  readonly stop: () => Promise<void>;
}

/** A cluster whose node `name` has its data on a small disk. Whatever is mounted goes, also when something fails on the way. */
async function startOnSmallDisk(name: string, replicas: number): Promise<OnSmallDisk> {
  const world = await startReplicated({ replicas, overrides });
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
    await queryOnce(world.cluster.node('pg-a').adminUrl('holdfast'), script);
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
  describe('under the master', () => {
    let world: Replicated;
    let small: SmallDisk;
    let stop: OnSmallDisk['stop'] | undefined;
    beforeAll(async () => {
      ({ world, small, stop } = await startOnSmallDisk('pg-a', 0));
    });
    afterAll(() => stop?.());

    const disk = () => world.source('pg-a').disk;
    const levels = () =>
      disk()
        .warnings.filter(({ kind }) => kind === 'disk_low')
        .map(({ severity }) => severity);
    const ballast = () => join(world.cluster.node('pg-a').dataDirectory, 'part-of-the-disk');

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
        await world.layer.database.write(causality, bind(insert, `${turn} `)).catch((error: unknown) => {
          refusal = error;
        });
      }
      expect(refusal).toMatchObject({ kind: 'disk', code: '53100' });
      // At once: the refusal has come only now.
      expect(disk().warnings).toContainEqual({
        kind: 'disk_full',
        severity: 'error',
        text: expect.stringContaining('No space left on device'),
      });
      expect(world.events.filter(({ kind }) => kind === 'disk_full')).toHaveLength(1);
      expect(world.source('pg-a').health).toBe('online');
      small.free();
      await world.layer.database.write(causality, bind(insert, 'again '));
    });
  });

  describe('under a replica', () => {
    let world: Replicated;
    let small: SmallDisk;
    let move: OnSmallDisk['move'];
    let stop: OnSmallDisk['stop'] | undefined;
    beforeAll(async () => {
      ({ world, small, move, stop } = await startOnSmallDisk('pg-b', 1));
    });
    afterAll(() => stop?.());

    it('is the one that the replica tells of, not the master’s', () => {
      const [master, replica] = ['pg-a', 'pg-b'].map((name) => world.source(name).disk);
      expect(replica?.space?.source).toContain(world.cluster.node('pg-b').dataDirectory);
      expect(master?.space?.total_bytes).not.toBe(small.totalBytes);
      expect(replica?.times_master).toBeCloseTo(small.totalBytes / (master?.space?.total_bytes ?? 1), 5);
    });

    it('may be another one for the log, which is told by itself', async () => {
      const node = world.cluster.node('pg-b');
      await node.stopFast();
      const log = move(join(node.dataDirectory, 'pg_wal'), 128);
      await node.start();
      const logDisk = () => world.source('pg-b').disk.log_space;
      await until('it is told', () => logDisk() !== null);
      expect(logDisk()).toMatchObject({
        total_bytes: log.totalBytes,
        source: expect.stringContaining(join(node.dataDirectory, 'pg_wal')),
      });
    });

    it('is told to be full by the read that found it so, which is answered elsewhere', async () => {
      await until('it serves', () => world.source('pg-b').health === 'online');
      small.fill();
      const reads = Array.from({ length: 8 }, () => world.layer.database.readStale(sort));
      expect((await Promise.all(reads)).map(([row]) => row)).toEqual(reads.map(() => ({ n: 200_000 })));
      await until('it is told', () =>
        world.events.some(({ kind, source }) => kind === 'disk_full' && source === world.source('pg-b').name),
      );
    });
  });
});
