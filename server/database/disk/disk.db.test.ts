import { readFileSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOnce } from '../../../tools/cluster/session.ts';
import { type Replicated, startReplicated, until } from '../testing/index.ts';
import type { DiskStatus } from './index.ts';

const script = readFileSync(fileURLToPath(new URL('../../../config/setup/postgres-disk.sql', import.meta.url)), 'utf8');
const overrides = { DiskCheckIntervalMilliseconds: 200, ReplicationSlotLimitBytes: 1_000_000 };
const nodes = ['pg-a', 'pg-b'] as const;

let it2: Replicated;
beforeAll(async () => {
  it2 = await startReplicated({ replicas: 1, overrides });
});
afterAll(() => it2.stop());

const disk = (node: string): DiskStatus => it2.source(node).disk;

/** Waits for an answer that fits, which is not one from before. */
async function waitFor(what: string, check: (disk: DiskStatus, node: string) => boolean): Promise<void> {
  const from = Date.now();
  const fits = (node: string): boolean => (disk(node).checked_at ?? 0) > from && check(disk(node), node);
  await until(what, () => nodes.every(fits));
}

describe('a plain role, before the set-up', () => {
  it('knows what is used, and how the room would become known', async () => {
    await waitFor('both were asked', ({ database_bytes: bytes }) => bytes !== null);
    for (const node of nodes) {
      expect(disk(node)).toMatchObject({
        failure: null,
        space: null,
        unknown: expect.stringMatching(/^Run config\/setup\/postgres-disk\.sql .*superuser, in the database holdfast/),
        times_master: null,
        warnings: [],
      });
      expect(disk(node).database_bytes).toBeGreaterThan(5_000_000);
      expect(disk(node).log_bytes).toBeGreaterThan(1_000_000);
    }
  });

  it('is told without the size of the log what the database alone uses', async () => {
    const master = it2.cluster.node('pg-a');
    await master.query('REVOKE pg_monitor FROM holdfast');
    await waitFor('the log is hidden', ({ log_bytes: bytes }) => bytes === null);
    expect(disk('pg-a')).toMatchObject({ failure: null, database_bytes: expect.any(Number) });
    await master.query('GRANT pg_monitor TO holdfast');
    await waitFor('the log is seen', ({ log_bytes: bytes }) => bytes !== null);
  });
});

describe('after the set-up by a superuser', () => {
  it('the room is known of the master and of the replica', async () => {
    const admin = it2.cluster.node('pg-a').adminUrl('holdfast');
    // It may be run again.
    for (let turn = 0; turn < 2; turn++) await queryOnce(admin, script);
    await waitFor('both are known', ({ space }) => space !== null);
    const { blocks, bfree, bavail, bsize } = statfsSync(it2.cluster.dataRoot);
    const total = (blocks - bfree + bavail) * bsize;
    for (const node of nodes) {
      expect(disk(node)).toMatchObject({ unknown: null, log_space: null });
      expect(disk(node).space?.source).toMatch(/^the table holdfast_disk \(\/.*\)$/);
      // df rounds to kilobytes.
      expect(Math.abs((disk(node).space?.total_bytes ?? 0) - total)).toBeLessThan(10_000);
    }
    expect(disk('pg-b').times_master).toBeCloseTo(1, 2);
  });

  it('says that no replica is roomy enough to move to', async () => {
    await until('it is told', () => it2.events.some(({ kind }) => kind === 'no_roomy_replica'));
    expect(disk('pg-a').warnings).toMatchObject([{ kind: 'no_roomy_replica', severity: 'warning' }]);
  });

  it('a plain role can read the table, and change nothing about it', async () => {
    const url = it2.cluster.node('pg-a').url();
    const refused = (sql: string) => expect(queryOnce(url, sql), sql).rejects.toMatchObject({ code: '42501' });
    expect(await queryOnce(url, 'SELECT * FROM holdfast_setup.holdfast_disk')).toHaveLength(2);
    await refused("ALTER FOREIGN TABLE holdfast_setup.holdfast_disk OPTIONS (SET program 'id')");
    await refused("COPY ledger FROM PROGRAM 'id'");
    await refused("CREATE FOREIGN TABLE own (t text) SERVER holdfast_files OPTIONS (program 'id')");
    await refused('DROP FOREIGN TABLE holdfast_setup.holdfast_disk');
    await refused('DROP SCHEMA holdfast_setup CASCADE');
  });

  it('a role without the grant is told which one is missing', async () => {
    const admin = it2.cluster.node('pg-a').adminUrl('holdfast');
    await queryOnce(admin, 'REVOKE SELECT ON holdfast_setup.holdfast_disk FROM PUBLIC');
    await waitFor('it is unknown again', ({ space }) => space === null);
    expect(disk('pg-b').unknown).toBe(
      'Run GRANT SELECT ON holdfast_setup.holdfast_disk TO "holdfast" in the database holdfast of the master.',
    );
    await queryOnce(admin, 'GRANT SELECT ON holdfast_setup.holdfast_disk TO PUBLIC');
    await waitFor('it is known again', ({ space }) => space !== null);
  });
});

describe('a replication slot that nobody comes for', () => {
  it('is warned of, with its name, until it is dropped', async () => {
    const master = it2.cluster.node('pg-a');
    await master.query("SELECT pg_create_physical_replication_slot('forgotten', true)");
    const warnings = () => disk('pg-a').warnings.filter(({ kind }) => kind === 'slot_holds_back');
    await it2.layer.onMaster((session) =>
      session.execute("SELECT pg_logical_emit_message(false, 'test', repeat('x', 2000000))"),
    );
    await until('it is told', () => warnings().length > 0);
    expect(warnings()).toMatchObject([
      {
        severity: 'warning',
        text: expect.stringMatching(/the replication slot forgotten holds back \d\.\d MB of log, and nobody receives/),
      },
    ]);
    await master.query("SELECT pg_drop_replication_slot('forgotten')");
    await until('it is over', () => warnings().length === 0);
    const told = it2.events.filter(({ detail }) => detail['about'] === 'forgotten').map(({ kind }) => kind);
    expect(told).toEqual(['slot_holds_back', 'disk_recovered']);
  });
});

describe('a folder on this machine', () => {
  it('is read by itself, also while its database is down', async () => {
    const { cluster, layer, settings, source } = it2;
    const folder = cluster.node('pg-b').dataDirectory;
    const change = { DataFolders: [`${source('pg-b').name}=${folder}`, `${source('pg-a').name}=/no/such/folder`] };
    await layer.control.recycle(settings(nodes, change), () => undefined);
    await waitFor('the folders were asked', ({ space, unknown }) => space?.source.includes(folder) ?? unknown !== null);
    expect(disk('pg-b').database_bytes).toBeGreaterThan(0);
    expect(disk('pg-a')).toMatchObject({
      space: null,
      unknown: expect.stringMatching(/names \/no\/such\/folder, which cannot be asked on this machine: ENOENT/),
    });

    await cluster.node('pg-b').kill();
    await until('the check fails', () => disk('pg-b').failure !== null);
    expect(disk('pg-b').space?.source).toContain(folder);
    await cluster.node('pg-b').start();
    await until('it is asked again', () => disk('pg-b').failure === null);
  });
});
