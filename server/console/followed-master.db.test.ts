import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ConfigStore, openConfigStore } from '../config/index.ts';
import { type DatabaseLayer, openDatabase } from '../database/index.ts';
import { describeEngines, type FaultyCluster, startNodes, testSettings, until } from '../database/testing/index.ts';
import { silentLogger } from '../observability/index.ts';
import { defaultGrants, type Caller, newId } from '../services/index.ts';
import { type ConsoleService, openConsole } from './console.ts';
import { openSwitchoverNotes } from './switchover-notes.ts';
import { createRecordingPublisher } from './testing/recording-publisher.ts';

const ann: Caller = {
  userId: 'ann',
  sessionId: '',
  roles: ['system_admin'],
  grants: defaultGrants,
  causality: { token: undefined, raise: () => undefined },
  requestId: '',
  address: '127.0.0.1',
  connectionId: '',
};
const real = { dryRun: false };
const dry = { dryRun: true };

describeEngines('a master that was followed', (engine) => {
  let database: { cluster: FaultyCluster; stop(): Promise<void> };
  let folder: string;
  let path: string;
  let config: ConfigStore;
  let layer: DatabaseLayer;
  let service: ConsoleService;

  const url = (node: string): string => database.cluster.node(node).url();
  const list = (...nodes: readonly string[]): string => nodes.map(url).join(',');
  const nameOf = (node: string): string => `127.0.0.1:${database.cluster.node(node).port}/holdfast`;
  const write = (dataSource: string, more: object = {}): Promise<void> =>
    writeFile(path, JSON.stringify({ SqlSettings: { DriverName: engine, DataSource: dataSource, ...more } }));
  const followed = async () => (await service.configStatus()).layers.live.followed;
  const onDisk = async (): Promise<string> =>
    (JSON.parse(await readFile(path, 'utf8')) as { SqlSettings: { DataSource: string } }).SqlSettings.DataSource;

  beforeEach(async () => {
    database = await startNodes(engine, 2);
    folder = await mkdtemp(join(tmpdir(), 'holdfast-followed-'));
    path = join(folder, 'config.json');
    await write(list('a', 'b', 'c'), { MonitorIntervalMilliseconds: 250 });
    const all = testSettings(list('a', 'b', 'c'));
    config = await openConfigStore({ path, env: {}, logger: silentLogger });
    const switchoverNotes = openSwitchoverNotes(folder);
    layer = await openDatabase(config.running().database, { switchoverNotes });
    await until('the replicas have the database', async () =>
      (await layer.control.test(all)).every((report) => report.outcome === 'passed'),
    );
    service = await openConsole({
      config,
      control: layer.control,
      publisher: createRecordingPublisher(),
      logger: silentLogger,
      logs: { recentLogs: () => [] },
      dataFolder: folder,
      findUsername: async (userId) => userId,
      newId,
    });
  });

  afterEach(async () => {
    await service?.close();
    await layer?.close(1_000);
    config?.close();
    await database.stop();
    await rm(folder, { recursive: true });
  });

  const liveMaster = (): string | undefined => service.databaseStatus().sources[0]?.name;

  async function failOver(): Promise<void> {
    await database.cluster.node('a').kill();
    await database.cluster.node('b').promote();
    await until('b is followed', () => liveMaster() === nameOf('b'));
  }

  it('is written to the file on request, and is then what runs, what is live and what is on disk', async () => {
    expect(await followed()).toBeNull();
    await expect(service.writeMaster(ann, { master: nameOf('a') }, real)).rejects.toMatchObject({
      id: 'api.config.master_agrees.app_error',
    });
    const before = await readFile(path, 'utf8');
    await failOver();
    expect(await followed()).toMatchObject({ configured: nameOf('a'), master: nameOf('b') });
    await expect(service.writeMaster(ann, { master: nameOf('a') }, real)).rejects.toMatchObject({
      id: 'api.config.master_moved.app_error',
    });

    const plan = await service.writeMaster(ann, { master: nameOf('b') }, dry);
    expect(plan).toMatchObject({ dry_run: true, configuration: { written: false, reason: '' } });
    expect(new Set(plan.changes.map((change) => change.takes_effect))).toEqual(new Set(['now']));
    expect(JSON.stringify(plan)).not.toContain(new URL(url('a')).password);
    expect(await readFile(path, 'utf8')).toBe(before);

    const { generation } = service.databaseStatus();
    const written = await service.writeMaster(ann, { master: nameOf('b') }, real);
    expect(written).toMatchObject({ configuration: { written: true, backup: `${path}.bak` }, changes: plan.changes });
    expect([await onDisk(), await readFile(`${path}.bak`, 'utf8')]).toEqual([list('b', 'a', 'c'), before]);
    expect(await followed()).toBeNull();
    expect(await service.configStatus()).toMatchObject({ changes: [], recycle_needed: false });
    // No pool was touched.
    expect(service.databaseStatus().generation).toBe(generation);
    expect(service.events({ limit: 1 })).toMatchObject([
      { kind: 'config_master_written', actor: 'ann', source: nameOf('b') },
    ]);
    expect((await service.configStatus()).history[0]).toMatchObject({ kind: 'master', actor: 'ann', succeeded: true });
    expect(await service.recycle(ann, {}, real)).toMatchObject({ status: 'OK' });
    expect(liveMaster()).toBe(nameOf('b'));
  });

  it('is not written over what somebody else has written meanwhile', async () => {
    await failOver();
    await write(list('a', 'b'), { Trace: true });
    const edited = await readFile(path, 'utf8');
    for (const options of [dry, real]) {
      const { configuration } = await service.writeMaster(ann, { master: nameOf('b') }, options);
      expect(configuration).toMatchObject({ written: false, reason: `${path} has changes that were not reloaded.` });
      expect(configuration.text.indexOf(nameOf('b'))).toBeLessThan(configuration.text.indexOf(nameOf('a')));
    }
    expect(await readFile(path, 'utf8')).toBe(edited);
    expect(await followed()).not.toBeNull();
  });
});
