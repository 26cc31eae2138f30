import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../../tools/cluster/testing.ts';
import { type ConfigStore, openConfigStore } from '../config/index.ts';
import { bind, type DatabaseLayer, markFile, openDatabase, statement } from '../database/index.ts';
import { testSettings, until } from '../database/testing/index.ts';
import { silentLogger } from '../observability/index.ts';
import { defaultGrants, type Caller, newId } from '../services/index.ts';
import { type ConsoleService, openConsole } from './console.ts';
import { settleInterruptedSwitchover } from './settle-switchover.ts';
import { openSwitchoverNotes } from './switchover-notes.ts';
import { createRecordingPublisher } from './testing/recording-publisher.ts';

interface Running {
  readonly database: TestCluster;
  readonly folder: string;
  readonly config: ConfigStore;
  readonly layer: DatabaseLayer;
  readonly service: ConsoleService;
  readonly publisher: ReturnType<typeof createRecordingPublisher>;
  /** Writes the file with these data sources, as an operator would. */
  edit(...dataSources: readonly string[]): Promise<void>;
  url(node: string): string;
}

let running: Running | undefined;

afterEach(async () => {
  const { service, layer, config, database, folder } = running as Running;
  running = undefined;
  await service.close();
  await layer.close(1_000);
  config.close();
  await database.stop();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  running = await start();
});

/** A console over one configured database of a cluster that has two replicas as well. */
async function start(): Promise<Running> {
  const database = await startTestCluster({ replicas: 2 });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-console-'));
  const path = join(folder, 'config.json');
  const edit = (...dataSources: readonly string[]): Promise<void> =>
    writeFile(
      path,
      JSON.stringify({ SqlSettings: { DataSource: dataSources.join(','), MonitorIntervalMilliseconds: 250 } }),
    );
  const url = (node: string): string => database.cluster.node(node).url();
  await edit(url('pg-a'));
  const config = await openConfigStore({ path, env: {}, logger: silentLogger });
  const layer = await openDatabase(config.running().database, { switchoverNotes: openSwitchoverNotes(folder) });
  // A cluster has started when its replicas stream; that the database was made may reach them later.
  const all = testSettings(['pg-a', 'pg-b', 'pg-c'].map(url).join(','));
  await until('the replicas have the database', async () =>
    (await layer.control.test(all)).every((report) => report.outcome === 'passed'),
  );
  const publisher = createRecordingPublisher();
  const service = await openConsole({
    config,
    control: layer.control,
    publisher,
    logger: silentLogger,
    logs: { recentLogs: () => [] },
    dataFolder: folder,
    findUsername: async (userId) => userId,
    newId,
  });
  return { database, folder, config, layer, service, publisher, edit, url };
}

const callerOf = (name: string): Caller => ({
  userId: name,
  sessionId: '',
  roles: ['system_admin'],
  grants: defaultGrants,
  causality: { token: undefined, raise: () => undefined },
  requestId: '',
  address: '127.0.0.1',
  connectionId: '',
});

const ann = callerOf('ann');
const bob = callerOf('bob');
const real = { dryRun: false };
const dry = { dryRun: true };
const here = (): Running => running as Running;
const rolesNow = (): string[] =>
  here()
    .service.databaseStatus()
    .sources.map((source) => source.assigned_role);

const answers = statement('console_test.answers', 'SELECT 1 AS one');
const makeTable = statement('console_test.make', 'CREATE TABLE IF NOT EXISTS console_test (one int)');

async function proveService(): Promise<void> {
  const { database } = here().layer;
  expect(await database.readLatest(answers)).toEqual([{ one: 1 }]);
  await database.write(ann.causality, bind(makeTable));
}

describe('the procedure of an operator', () => {
  test('adds two replicas: edit, reload, recycle', async () => {
    const { service, edit, url } = here();
    await edit(url('pg-a'), url('pg-b'), url('pg-c'));

    const edited = await service.configStatus();
    expect([edited.layers.on_disk?.version, edited.layers.running.version, edited.layers.live.version]).toEqual([
      2, 1, 1,
    ]);
    expect(edited.changes.map((change) => change.takes_effect)).toContain('after-recycle');
    expect(rolesNow()).toEqual(['master']);

    const reloaded = await service.reload(ann, real);
    expect(reloaded).toMatchObject({ status: 'OK', recycle_needed: true });
    expect(reloaded.text).toMatch(/^Configuration reloaded\. .* effect after Recycle Database Connections\.$/);
    expect(rolesNow()).toEqual(['master']);

    const planned = await service.recycle(ann, {}, dry);
    expect(planned.plan).toMatchObject({ possible: true, master_changes: false });
    expect(planned.plan?.changes.map(({ change }) => change).sort()).toEqual(['add', 'add', 'keep']);
    expect(rolesNow()).toEqual(['master']);

    const { operation } = await service.recycle(ann, {}, real);
    expect(operation).toMatchObject({ outcome: 'succeeded', actor: 'ann', writes_failed: 0 });
    expect(rolesNow()).toEqual(['master', 'replica', 'replica']);
    const after = await service.configStatus();
    expect(after).toMatchObject({ recycle_needed: false, changes: [] });
    expect(after.layers.live).toMatchObject({ version: 2, generation: 2 });
    await proveService();
  });

  test('a replica that is taken out serves nothing, through a recycle as well, until it is put back', async () => {
    const { service, database, layer, edit, url } = here();
    await edit(url('pg-a'), url('pg-b'), url('pg-c'));
    await service.reload(ann, real);
    await service.recycle(ann, {}, real);
    const statusOf = (node: string) =>
      service.databaseStatus().sources.find(({ port }) => port === database.cluster.node(node).port);
    const source = statusOf('pg-b')?.name ?? '';
    const readMany = async (): Promise<void> => {
      for (let n = 0; n < 20; n++) await layer.database.readStale(answers);
    };

    expect((await service.changeRotation(ann, { source, in: false })).taken_out?.by).toBe('ann');
    const before = statusOf('pg-b')?.reads_total;
    await readMany();
    expect(statusOf('pg-b')).toMatchObject({ reads_total: before, health: 'online' });
    await service.recycle(ann, {}, real);
    expect(statusOf('pg-b')?.taken_out?.by).toBe('ann');
    const last = { source: statusOf('pg-c')?.name ?? '', in: false };
    await expect(service.changeRotation(ann, last)).rejects.toMatchObject({ status: 409 });
    await service.changeRotation(ann, { ...last, accept_last: true });
    await readMany();
    expect([statusOf('pg-b')?.reads_total, statusOf('pg-c')?.in_use]).toEqual([before, 0]);

    await service.changeRotation(ann, { source, in: true });
    await readMany();
    expect(statusOf('pg-b')?.reads_total).toBeGreaterThan(before ?? 0);
    expect((await service.test(ann, source)).reports[0]?.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Name', 'Network', 'Connect', 'Read', 'Role']),
    );
  });

  test('moves the master: promote, edit, reload, recycle; the pause is reported', async () => {
    const { service, database, edit, url } = here();
    await database.cluster.node('pg-b').promote();
    await edit(url('pg-b'), url('pg-a'));
    await service.reload(ann, real);
    expect((await service.recycle(ann, {}, dry)).plan).toMatchObject({ possible: true, master_changes: true });
    const { operation } = await service.recycle(ann, {}, real);
    expect(operation).toMatchObject({ outcome: 'succeeded', writes_failed: 0 });
    expect(operation?.write_hold_ms).toBeGreaterThan(0);
    expect(service.databaseStatus().sources[0]?.port).toBe(database.cluster.node('pg-b').port);
    await proveService();
  });
});

test('a switchover moves the master, and the file says so: a reload and a recycle afterwards change nothing', async () => {
  const { service, edit, url, config, folder, layer } = here();
  await edit(url('pg-a'), url('pg-b'), url('pg-c'));
  await service.reload(ann, real);
  await service.recycle(ann, {}, real);
  await until('all serve', () => service.databaseStatus().sources.every(({ health }) => health === 'online'));
  const name = service.databaseStatus().sources[1]?.name ?? '';

  const { plan } = await service.switchover(ann, { name }, dry);
  expect(plan).toMatchObject({ possible: true, to: name });
  const { operation } = await service.switchover(ann, { name }, real);
  expect(operation).toMatchObject({ outcome: 'succeeded', actor: 'ann', configuration: { written: true } });
  expect(operation?.steps.map(({ state }) => state)).toEqual(Array(11).fill('done'));
  expect(JSON.parse(await readFile(config.path, 'utf8'))).toMatchObject({
    SqlSettings: { DataSource: [url('pg-b'), url('pg-a'), url('pg-c')].join(',') },
  });
  expect(JSON.parse(await readFile(operation?.configuration?.backup ?? '', 'utf8'))).toMatchObject({
    SqlSettings: { DataSource: [url('pg-a'), url('pg-b'), url('pg-c')].join(',') },
  });
  await expect(readFile(join(folder, 'console', 'switchover.json'))).rejects.toMatchObject({ code: 'ENOENT' });

  expect(await service.configStatus()).toMatchObject({ recycle_needed: false, changes: [] });
  expect((await service.reload(ann, real)).text).toBe('Reloaded. No settings changed.');
  expect((await service.recycle(ann, {}, dry)).plan).toMatchObject({ possible: true, master_changes: false });
  const recycled = await service.recycle(ann, {}, real);
  expect(recycled.operation).toMatchObject({ outcome: 'succeeded', write_hold_ms: 0 });
  expect(layer.control.status().sources[0]?.name).toBe(name);
  await proveService();
  const shown = JSON.stringify([operation, plan, service.operations(), service.events({ limit: 99 })]);
  expect(shown).not.toContain(new URL(url('pg-a')).password);
});

test('a server that died in the middle of a switchover finds its way', async () => {
  const { database, folder, config, url, edit } = here();
  await edit(url('pg-a'), url('pg-b'));
  await config.reload(real);
  const [from, to] = config.running().database.sources.map(({ source }) => source.name);
  const leave = async (phase: 'fencing' | 'promoting') =>
    openSwitchoverNotes(folder).write({ phase, from: from ?? '', to: to ?? '', emergency: false, startedAt: 1 });
  const masterMarks = markFile(join(folder, 'master.json'));
  const settle = () => settleInterruptedSwitchover({ config, dataFolder: folder, masterMarks, logger: silentLogger });
  const masterNow = () => config.running().database.sources[0].source.name;
  await database.cluster.node('pg-a').query('ALTER SYSTEM SET default_transaction_read_only = on');
  await database.cluster.node('pg-a').query('SELECT pg_reload_conf()');

  await leave('fencing');
  const notes = await settle();
  expect([masterNow(), await notes.read()]).toEqual([from, undefined]);
  await database.cluster.node('pg-a').query('CREATE TABLE writable_again ()');

  await database.cluster.node('pg-b').promote();
  await leave('promoting');
  await settle();
  expect([masterNow(), await notes.read()]).toEqual([to, undefined]);
  expect(JSON.parse(await readFile(config.path, 'utf8'))).toMatchObject({
    SqlSettings: { DataSource: [url('pg-b'), url('pg-a')].join(',') },
  });
  await writeFile(join(folder, 'console', 'switchover.json'), '{"phase":');
  await expect(settle()).rejects.toThrow(/switchover\.json tells of a switchover .* then remove the file/);
});

describe('a recycle that cannot be', () => {
  const wrongPassword = (url: string): string => {
    const wrong = new URL(url);
    wrong.password = 'open-sesame';
    return wrong.href;
  };
  const unreachable = (url: string): string => {
    const wrong = new URL(url);
    wrong.port = '1';
    return wrong.href;
  };

  test.each([
    ['an unreachable master', unreachable, 'pg-a'],
    ['an unpromoted replica as the master', (url: string) => url, 'pg-b'],
    ['a wrong password', wrongPassword, 'pg-a'],
  ])('because of %s names the data source, and service goes on as before', async (_, change, node) => {
    const { service, edit, url } = here();
    const master = change(url(node));
    await edit(master);
    await service.reload(ann, real);
    const name = `${new URL(master).host}${new URL(master).pathname}`;

    const { plan } = await service.recycle(ann, {}, dry);
    expect(plan?.possible).toBe(false);
    expect(plan?.reason).toContain(name);
    const refused = service.recycle(ann, {}, real);
    await expect(refused).rejects.toMatchObject({ status: 409, message: expect.stringContaining(name) });
    await expect(refused).rejects.toThrow(/^Recycling unsuccessful: .*Nothing changed/);
    expect(service.operations()[0]).toMatchObject({ outcome: 'failed-nothing-changed', actor: 'ann' });
    expect((await service.configStatus()).layers.live).toMatchObject({ version: 1, generation: 1 });
    expect(service.events({ limit: 1 })).toMatchObject([{ kind: 'recycle', severity: 'error', actor: 'ann' }]);
    await proveService();
    expect(JSON.stringify([plan, service.operations(), service.events({ limit: 99 })])).not.toContain('open-sesame');
  });
});

test('the running configuration is shown without its secrets', async () => {
  const { service, url } = here();
  const { password } = new URL(url('pg-a'));
  expect(password).not.toBe('');
  const shown = JSON.stringify([service.maskedConfig(), service.environment(), await service.configStatus()]);
  expect(shown).toContain(new URL(url('pg-a')).port);
  expect(shown).not.toContain(password);
});

test('two admins who recycle at once share one operation', async () => {
  const { service, edit, url, publisher } = here();
  await edit(url('pg-a'), url('pg-b'));
  await service.reload(ann, real);
  const [first, second] = await Promise.all([service.recycle(ann, {}, real), service.recycle(bob, {}, real)]);
  expect([first.joined, second.joined].filter(Boolean)).toHaveLength(1);
  expect(first.operation?.id).toBe(second.operation?.id);
  expect(service.operations()).toHaveLength(1);
  expect(service.databaseStatus().generation).toBe(2);
  expect(publisher.dataOf('operation_updated').at(-1)).toMatchObject({ outcome: 'succeeded' });
});

test('with every database down the console answers, tells why, and reloads', async () => {
  const { service, database, edit, url } = here();
  await edit(url('pg-a'), url('pg-b'), url('pg-c'));
  await service.reload(ann, real);
  await service.recycle(ann, {}, real);
  await Promise.all(['pg-a', 'pg-b', 'pg-c'].map((node) => database.cluster.node(node).kill()));
  await until('every data source is known to be offline', () =>
    service.databaseStatus().sources.every((source) => source.health === 'offline'),
  );

  expect(service.databaseStatus().mode.mode).not.toBe('normal');
  expect(service.databaseStatus().sources.every((source) => source.cause !== '')).toBe(true);
  expect(service.events({ limit: 99 }).some((event) => event.kind === 'mode_changed')).toBe(true);
  // A replica that cannot be reached is a warning: it joins when it is back.
  expect((await service.test(ann)).reports.map((report) => report.outcome)).toEqual(['failed', 'warning', 'warning']);
  await edit(url('pg-a'));
  expect(await service.reload(ann, real)).toMatchObject({ recycle_needed: true });
  await expect(service.recycle(ann, {}, real)).rejects.toMatchObject({ status: 409 });
  expect((await service.configStatus()).layers.live.version).toBe(2);
});
