import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../../../../tools/cluster/testing.ts';
import { bind, type DatabaseLayer, type MasterMark, openDatabase, statement } from '../../index.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import { withMaster } from '../../settings/with-master.ts';
import { createLedger, MemoryNotes, testSettings, until } from '../../testing/index.ts';
import { settleSwitchover, type SwitchoverNote } from './index.ts';

let started: TestCluster;
let notes: MemoryNotes;
beforeEach(async () => {
  started = await startTestCluster({ replicas: 2 });
  notes = new MemoryNotes();
});
afterEach(() => started.stop());

const node = (name: string) => started.cluster.node(name);
const settings = (...nodes: string[]): DatabaseSettings =>
  testSettings(nodes.map((name) => node(name).url()).join(','));
const nameOf = (name: string): string => settings(name).sources[0].source.name;

/** As a server leaves it that dies in this phase. */
async function dieIn(phase: SwitchoverNote['phase']): Promise<void> {
  await node('pg-a').query('ALTER SYSTEM SET default_transaction_read_only = on');
  await node('pg-a').query('SELECT pg_reload_conf()');
  await until('it is fenced', () => isFenced());
  notes.note = { phase, from: nameOf('pg-a'), to: nameOf('pg-b'), emergency: false, startedAt: 1 };
}

async function isFenced(): Promise<boolean> {
  const [row] = await node('pg-a').query('SHOW default_transaction_read_only');
  return row?.['default_transaction_read_only'] === 'on';
}

it('undoes a switchover in which nobody was told to become the master', async () => {
  expect(await settleSwitchover(settings('pg-a', 'pg-b'), notes)).toEqual({ outcome: 'nothing' });
  for (const phase of ['fencing', 'promoting'] as const) {
    await dieIn(phase);
    const settled = await settleSwitchover(settings('pg-a', 'pg-b'), notes);
    expect(settled).toMatchObject({ outcome: 'undone', master: nameOf('pg-a') });
    expect([await isFenced(), notes.note]).toEqual([false, undefined]);
  }
});

it('leaves a fence alone that the configuration has moved away from', async () => {
  await dieIn('promoting');
  expect(await settleSwitchover(settings('pg-b', 'pg-a'), notes)).toEqual({ outcome: 'nothing' });
  expect([await isFenced(), notes.note]).toEqual([true, undefined]);
});

it('undoes one of a master that was followed and never written to the configuration', async () => {
  const gone = node('pg-a')
    .url()
    .replace(`:${node('pg-a').port}/`, ':1/');
  const followed = testSettings([gone, node('pg-a').url(), node('pg-b').url()].join(','));
  const marks = {
    read: async () => ({ epoch: 2, master: nameOf('pg-a'), clusterId: 'any', timeline: 2 }),
    write: async () => undefined,
  };
  await dieIn('fencing');
  expect(await settleSwitchover(followed, notes, { marks })).toMatchObject({ outcome: 'undone' });
  expect([await isFenced(), notes.note]).toEqual([false, undefined]);
});

it('completes one whose replica was promoted, and says what to do when that cannot be told', async () => {
  await dieIn('promoting');
  await node('pg-b').kill();
  await expect(settleSwitchover(settings('pg-a', 'pg-b'), notes)).rejects.toThrow(/may have been promoted .* Start it/);
  expect(await isFenced()).toBe(true);

  await node('pg-b').start();
  await node('pg-b').promote();
  const settled = await settleSwitchover(settings('pg-a', 'pg-b', 'pg-c'), notes);
  expect(settled).toMatchObject({ outcome: 'moved', master: nameOf('pg-b') });
  expect([await isFenced(), notes.note?.phase]).toEqual([true, 'moved']);
  // The other replica did not know of the new master.
  expect(await node('pg-c').query('SELECT received_tli, status FROM pg_stat_wal_receiver')).toEqual([
    { received_tli: 2, status: 'streaming' },
  ]);

  await node('pg-b').kill();
  await expect(settleSwitchover(settings('pg-a', 'pg-b'), notes)).rejects.toThrow(
    /is the master since then .* Start it/,
  );
  expect(await isFenced()).toBe(true);
});

const add = statement('settle.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');

/** Opens the databases as a server does that starts, and writes. */
async function serve(settings: DatabaseSettings, work: (layer: DatabaseLayer) => Promise<void>): Promise<void> {
  const layer = await openDatabase(settings, { masterMarks: marks, switchoverNotes: notes });
  try {
    await work(layer);
  } finally {
    await layer.close(1_000);
  }
}

let mark: MasterMark | undefined;
const marks = {
  read: async () => mark,
  write: async (value: MasterMark) => {
    mark = value;
  },
};

it('lets the server start with the right master: each is written down, and a former one is kept out', async () => {
  mark = undefined;
  const both = settings('pg-a', 'pg-b');
  await serve(both, async (layer) => {
    await createLedger(layer);
    await layer.onMaster((session) =>
      session.execute(
        'CREATE TABLE databaseepochs (epoch bigint PRIMARY KEY, master text, clusterid text, timeline bigint, changedat bigint)',
      ),
    );
    await until('the first master is written down', () => mark?.epoch === 1);
    await until('the replica serves', () => layer.control.status().sources[1]?.health === 'online');
  });
  await dieIn('fencing');
  await settleSwitchover(both, notes, { marks });
  await serve(both, async (layer) => {
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'undone'));
    const { outcome } = await layer.control.switchover({ name: nameOf('pg-b') }, () => undefined);
    expect(outcome).toBe('succeeded');
    await until('the second master is written down', () => mark?.epoch === 2);
    expect(mark).toMatchObject({ master: nameOf('pg-b'), timeline: 2 });
    const rows = await layer.onMaster((session) => session.execute('SELECT master FROM databaseepochs ORDER BY epoch'));
    expect(rows.map(({ master }) => master)).toEqual([nameOf('pg-a'), nameOf('pg-b')]);
  });
  // The file was not written, and somebody has lifted the fence of the former master.
  await node('pg-a').query('ALTER SYSTEM RESET default_transaction_read_only');
  await node('pg-a').query('SELECT pg_reload_conf()');
  await until('its fence is gone', async () => !(await isFenced()));
  const settled = await settleSwitchover(both, notes, { marks });
  expect(settled).toMatchObject({ outcome: 'moved', master: nameOf('pg-b') });
  await serve(withMaster(both, nameOf('pg-b')), async (layer) => {
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'moved'));
  });
  // The other way to the same end: the note is lost, too.
  await serve(both, async (layer) => {
    expect(layer.control.status().sources[0]?.name).toBe(nameOf('pg-b'));
  });
});
