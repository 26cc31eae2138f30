import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import type { DriverName } from '../../data-source/data-source.ts';
import { bind, type DatabaseLayer, type MasterMark, openDatabase, statement } from '../../index.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import { withMaster } from '../../settings/with-master.ts';
import {
  createLedger,
  describeEngines,
  type FaultyNode,
  hasEngine,
  isFenced,
  MemoryNotes,
  setFence,
  startNodes,
  testSettings,
  until,
  withConnection,
} from '../../testing/index.ts';
import { settleSwitchover, type SwitchoverNote } from './index.ts';

let started: Awaited<ReturnType<typeof startNodes>>;
let notes: MemoryNotes;

const node = (name: string): FaultyNode => started.cluster.node(name);
const settings = (...nodes: string[]): DatabaseSettings =>
  testSettings(nodes.map((name) => node(name).url()).join(','));
const nameOf = (name: string): string => settings(name).sources[0].source.name;

/** As a server leaves it that dies in this phase. */
async function dieIn(phase: SwitchoverNote['phase']): Promise<void> {
  await setFence(node('a').url());
  notes.note = { phase, from: nameOf('a'), to: nameOf('b'), emergency: false, startedAt: 1 };
}

const masterIsFenced = (): Promise<boolean> => isFenced(node('a').url());

const probe = (name: string) =>
  withConnection(node(name).url(), (connection, dialect) => dialect.probe(connection, 5_000));

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

function useNodes(engine: DriverName): void {
  beforeEach(async () => {
    started = await startNodes(engine, 2);
    notes = new MemoryNotes();
    // As the layer does with a master that it takes into use: its replicas know it by that.
    await withConnection(node('a').url(), (connection, dialect) => dialect.adopt(connection, 5_000));
  });
  afterEach(() => started.stop());
}

describeEngines('a switchover that was interrupted', (engine) => {
  useNodes(engine);

  it('undoes a switchover in which nobody was told to become the master', async () => {
    expect(await settleSwitchover(settings('a', 'b'), notes)).toEqual({ outcome: 'nothing' });
    for (const phase of ['fencing', 'promoting'] as const) {
      await dieIn(phase);
      const settled = await settleSwitchover(settings('a', 'b'), notes);
      expect(settled).toMatchObject({ outcome: 'undone', master: nameOf('a') });
      expect([await masterIsFenced(), notes.note]).toEqual([false, undefined]);
    }
  });

  it('leaves a fence alone that the configuration has moved away from', async () => {
    await dieIn('promoting');
    expect(await settleSwitchover(settings('b', 'a'), notes)).toEqual({ outcome: 'nothing' });
    expect([await masterIsFenced(), notes.note]).toEqual([true, undefined]);
  });

  it('undoes one of a master that was followed and never written to the configuration', async () => {
    const gone = node('a')
      .url()
      .replace(`:${node('a').port}/`, ':1/');
    const followed = testSettings([gone, node('a').url(), node('b').url()].join(','));
    const marks = {
      read: async () => ({ epoch: 2, master: nameOf('a'), clusterId: 'any', timeline: 2 }),
      write: async () => undefined,
    };
    await dieIn('fencing');
    expect(await settleSwitchover(followed, notes, { marks })).toMatchObject({ outcome: 'undone' });
    expect([await masterIsFenced(), notes.note]).toEqual([false, undefined]);
  });

  it('completes one whose replica was promoted, and says what to do when that cannot be told', async () => {
    await dieIn('promoting');
    await node('b').kill();
    await expect(settleSwitchover(settings('a', 'b'), notes)).rejects.toThrow(/may have been promoted .* Start it/);
    expect(await masterIsFenced()).toBe(true);

    await node('b').start();
    await node('b').promote();
    const settled = await settleSwitchover(settings('a', 'b', 'c'), notes);
    expect(settled).toMatchObject({ outcome: 'moved', master: nameOf('b') });
    expect([await masterIsFenced(), notes.note?.phase]).toEqual([true, 'moved']);
    // The other replica did not know of the new master.
    const [heir, other] = await Promise.all(['b', 'c'].map((name) => probe(name)));
    expect(other).toMatchObject({ role: 'replica', receiving: true, timeline: heir?.timeline });

    await node('b').kill();
    await expect(settleSwitchover(settings('a', 'b'), notes)).rejects.toThrow(/is the master since then .* Start it/);
    expect(await masterIsFenced()).toBe(true);
  });

  it('lets the server start with the right master: each is written down, and a former one is kept out', async () => {
    mark = undefined;
    const both = settings('a', 'b');
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
      const { outcome } = await layer.control.switchover({ name: nameOf('b') }, () => undefined);
      expect(outcome).toBe('succeeded');
      await until('the second master is written down', () => mark?.epoch === 2);
      expect(mark).toMatchObject({ master: nameOf('b'), timeline: 2 });
      const rows = await layer.onMaster((session) =>
        session.execute('SELECT master FROM databaseepochs ORDER BY epoch'),
      );
      expect(rows.map(({ master }) => master)).toEqual([nameOf('a'), nameOf('b')]);
    });
    // The file was not written, and somebody has lifted the fence of the former master.
    await withConnection(node('a').url(), (connection, dialect) =>
      dialect.switching.unfence(connection, { clock: systemClock, ms: 5_000 }),
    );
    await until('its fence is gone', async () => !(await masterIsFenced()));
    const settled = await settleSwitchover(both, notes, { marks });
    expect(settled).toMatchObject({ outcome: 'moved', master: nameOf('b') });
    await serve(withMaster(both, nameOf('b')), async (layer) => {
      await layer.database.write(layer.causalities.of('ann'), bind(add, 'moved'));
    });
    // The other way to the same end: the note is lost, too.
    await serve(both, async (layer) => {
      expect(layer.control.status().sources[0]?.name).toBe(nameOf('b'));
    });
  });
});

// PostgreSQL promotes in one go.
describe.skipIf(!hasEngine('mysql'))('a promotion that was interrupted on MariaDB', () => {
  useNodes('mysql');

  it.each([[['STOP REPLICA IO_THREAD']], [['STOP REPLICA']], [['STOP REPLICA', 'RESET REPLICA ALL']]])(
    'is completed after %s',
    async (done) => {
      await dieIn('promoting');
      for (const text of done) await node('b').query(text);
      expect(await settleSwitchover(settings('a', 'b'), notes)).toMatchObject({
        outcome: 'moved',
        master: nameOf('b'),
      });
      expect([await masterIsFenced(), (await probe('b')).role]).toEqual([true, 'master']);
    },
  );

  it('is left alone when the old master was opened by hand', async () => {
    await dieIn('promoting');
    for (const text of ['STOP REPLICA', 'RESET REPLICA ALL']) await node('b').query(text);
    await node('a').query('SET GLOBAL read_only = 0');
    expect(await settleSwitchover(settings('a', 'b'), notes)).toEqual({ outcome: 'nothing' });
    expect([(await probe('a')).role, (await probe('b')).role, notes.note]).toEqual(['master', 'read-only', undefined]);
  });
});
