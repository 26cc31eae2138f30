import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DatabaseLayer, markFile, openDatabase } from '../../index.ts';
import { describeEngines, type FaultyCluster, type Replicated, startReplicatedOn, until } from '../../testing/index.ts';

let it3: Replicated<FaultyCluster>;
let folder: string;
let opened: DatabaseLayer[];

beforeEach(async () => {
  opened = [];
  folder = await mkdtemp(join(tmpdir(), 'holdfast-marks-'));
});
afterEach(async () => {
  await Promise.all(opened.map((layer) => layer.close(1_000)));
  await it3.stop();
  await rm(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, 'database', 'master.json');
const order = ['a', 'b', 'c'];

async function open(overrides = {}, marks = markFile(path())): Promise<DatabaseLayer> {
  const layer = await openDatabase(it3.settings(order, overrides), { masterMarks: marks });
  opened.push(layer);
  return layer;
}

const masterOf = (layer: DatabaseLayer): string | undefined => {
  const { port } = layer.control.status().sources[0] ?? {};
  return order.find((name) => it3.cluster.node(name).port === port);
};
const epochs = async (node: string): Promise<unknown[]> => {
  const layer = await openDatabase(it3.settings([node]));
  opened.push(layer);
  return layer.onMaster((session) => session.execute('SELECT epoch, timeline FROM databaseepochs ORDER BY epoch'));
};
const createTable = (layer: DatabaseLayer) =>
  layer.onMaster((session) =>
    session.execute(
      'CREATE TABLE databaseepochs (epoch bigint PRIMARY KEY, master text, clusterid text, timeline bigint, changedat bigint)',
    ),
  );
const marked = async (epoch: number): Promise<boolean> => {
  const text = await readFile(path(), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { epoch?: number }).epoch === epoch;
};

describeEngines('a server that starts', (engine) => {
  beforeEach(async () => {
    it3 = await startReplicatedOn(engine);
  });

  it('writes down each master, and never goes back to a former one after a restart', async () => {
    const { cluster } = it3;
    const first = await open();
    await createTable(first);
    await until('the first master is written down', () => marked(1));
    await cluster.node('a').kill();
    await cluster.node('b').promote();
    await until('the second master is written down', () => marked(2));
    expect(await epochs('b')).toEqual([
      { epoch: 1, timeline: 1 },
      { epoch: 2, timeline: 2 },
    ]);
    await first.close(1_000);

    // The file still names pg-a first, and pg-a is dead, then back and as writable as ever.
    expect(masterOf(await open())).toBe('b');
    await cluster.node('a').start();
    expect(masterOf(await open())).toBe('b');
    // A server that has lost its own mark finds the rows.
    expect(masterOf(await open({}, markFile(join(folder, 'lost.json'))))).toBe('b');
    await expect(open({ FollowPromotion: false })).rejects.toThrow(
      /timeline 1, .* was the master on timeline 2: it is a former master that came back\. .* put it first in DataSource/,
    );
    await cluster.node('b').kill();
    await expect(open()).rejects.toThrow(/a former master that came back/);
  });

  it('refuses to start between two writable databases of which nothing tells the right one', async () => {
    await it3.cluster.node('b').promote();
    await expect(open()).rejects.toThrow(/\(timeline 1\) and .*\(timeline 2\) accept writes, and nothing tells which/);
  });
});
