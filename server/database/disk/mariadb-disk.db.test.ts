import { readFileSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryMariadb } from '../../../tools/cluster/mariadb/session.ts';
import { type MariadbTestCluster, startMariadbCluster } from '../../../tools/cluster/mariadb/testing.ts';
import { findPlugins, PLUGINS_ADVICE } from '../../../tools/test/mariadb-plugins.ts';
import { bind, type DatabaseLayer, type LayerEvent, openDatabase, statement } from '../index.ts';
import { testSettings, until } from '../testing/index.ts';
import type { DiskStatus } from './index.ts';

const plugins = findPlugins();
const script = readFileSync(fileURLToPath(new URL('../../../config/setup/mariadb-disk.sql', import.meta.url)), 'utf8');
/** As a client program cuts it. */
const statements = script
  .replaceAll(/^--.*$/gm, '')
  .split(/;\s*$/m)
  .filter((text) => text.trim() !== '');
const insert = statement('test.small', 'INSERT INTO small (n) VALUES ($1)');

let servers: MariadbTestCluster;
let layer: DatabaseLayer;
const events: LayerEvent[] = [];

const node = (name: string) => servers.cluster.node(name);
const disks = (): DiskStatus[] => layer.control.status().sources.map(({ disk }) => disk);

/** Waits until every data source was asked anew and its answer fits. */
async function waitFor(what: string, check: (disk: DiskStatus) => boolean): Promise<void> {
  const from = Date.now();
  await until(what, () => disks().every((disk) => (disk.checked_at ?? 0) > from && check(disk)));
}

describe.skipIf(plugins === undefined)(
  `the disks of MariaDB${plugins === undefined ? ` (skipped: ${PLUGINS_ADVICE})` : ''}`,
  () => {
    beforeAll(async () => {
      servers = await startMariadbCluster({ replicas: 1, options: { 'plugin-dir': plugins ?? '' } });
      const list = servers.cluster.nodes.map((each) => each.url()).join(',');
      layer = await openDatabase(testSettings(list, { DiskCheckIntervalMilliseconds: 200 }));
      layer.control.subscribe((event) => events.push(event));
    });
    afterAll(async () => {
      await layer.close(1_000);
      await servers.stop();
    });

    it('are unknown at first, with what would make them known; the used size is not', async () => {
      await layer.onMaster((session) => session.execute('CREATE TABLE used (n INT)'));
      await waitFor('both have the table', ({ database_bytes: bytes }) => (bytes ?? 0) > 0);
      for (const disk of disks()) {
        expect(disk).toMatchObject({
          failure: null,
          space: null,
          unknown: 'Run config/setup/mariadb-disk.sql once, as root, in the database holdfast of each server.',
          log_bytes: null,
        });
      }
    });

    it('have a log whose size is known with the privilege for it', async () => {
      await node('my-a').query("GRANT BINLOG MONITOR ON *.* TO holdfast@'%'");
      await waitFor('the log is seen', ({ log_bytes: bytes }) => bytes !== null);
      const files = await node('my-a').query('SHOW BINARY LOGS');
      const total = files.reduce((sum, file) => sum + Number(file['File_size']), 0);
      expect(disks()[0]?.log_bytes).toBe(total);
    });

    it('are silent, without an error, for whoever lacks FILE, and that is said', async () => {
      for (const { name } of servers.cluster.nodes) await node(name).query(statements[0] ?? '');
      await waitFor('the plugin is there', ({ unknown }) => unknown?.includes('FILE') ?? false);
      expect(disks()[1]?.unknown).toMatch(/^holdfast@% may not read information_schema\.DISKS, .* FILE\. Run config/);
      await node('my-a').query("GRANT FILE ON *.* TO holdfast@'%'");
      await waitFor('they are known', ({ space }) => space !== null);
      await node('my-a').query("REVOKE FILE ON *.* FROM holdfast@'%'");
      await waitFor('they are hidden again', ({ space }) => space === null);
    });

    it('are known after the set-up on the master and then on the replica, which writes nothing there', async () => {
      for (const { name } of servers.cluster.nodes) {
        const admin = node(name).adminUrl('holdfast');
        for (let turn = 0; turn < 2; turn++) await queryMariadb(admin, statements);
      }
      await waitFor('both are known', ({ space }) => space !== null);
      const { blocks, bfree, bavail, bsize } = statfsSync(node('my-a').dataDirectory);
      for (const disk of disks()) {
        expect(disk.space?.source).toMatch(/^the plugin disks \(\/.*\)$/);
        expect(Math.abs((disk.space?.total_bytes ?? 0) - (blocks - bfree + bavail) * bsize)).toBeLessThan(10_000);
        expect(disk).toMatchObject({ unknown: null, log_space: null });
      }
      expect(disks()[1]?.times_master).toBeCloseTo(1, 2);
      await until('the advice is told', () => events.some(({ kind }) => kind === 'no_roomy_replica'));
      await node('my-b').catchUp(node('my-a'));
      const [written] = await node('my-b').query("SELECT @@global.gtid_binlog_state LIKE '%-2-%' AS own");
      expect(written).toEqual({ own: 0 });
    });

    it('are shown to a plain role, who cannot change how', async () => {
      await node('my-a').query(
        "CREATE USER plain@'%' IDENTIFIED BY 'plain'",
        "GRANT SELECT, EXECUTE ON holdfast.* TO plain@'%'",
      );
      const url = node('my-a')
        .adminUrl('holdfast')
        .replace(/\/\/.*@/, '//plain:plain@');
      const [row] = await queryMariadb(url, ['SELECT holdfast_disk() AS disks']);
      expect(JSON.parse(String(row?.['disks']))).toContainEqual({
        path: expect.any(String),
        used: expect.any(Number),
        available: expect.any(Number),
      });
      for (const sql of ['ALTER FUNCTION holdfast_disk SQL SECURITY INVOKER', 'DROP FUNCTION holdfast_disk']) {
        await expect(queryMariadb(url, [sql]), sql).rejects.toMatchObject({ errno: 1370 });
      }
    });

    it('are told to be full by a write that a full table refused', async () => {
      await layer.onMaster((session) =>
        session.execute('CREATE TABLE small (n INT) ENGINE = MEMORY MAX_ROWS = 1 AVG_ROW_LENGTH = 10'),
      );
      const causality = layer.causalities.of('writer');
      let refusal: unknown;
      for (let n = 0; refusal === undefined && n < 100_000; n++) {
        await layer.database.write(causality, bind(insert, n)).catch((error: unknown) => {
          refusal = error;
        });
      }
      expect(refusal).toMatchObject({ kind: 'disk', code: 'ER_RECORD_FILE_FULL' });
      expect(disks()[0]?.warnings).toContainEqual(
        expect.objectContaining({ kind: 'disk_full', text: expect.stringContaining("The table 'small' is full") }),
      );
    });
  },
);
