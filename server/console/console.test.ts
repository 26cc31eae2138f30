import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recycleSteps } from '../database/index.ts';
import { silentLogger } from '../observability/index.ts';
import { defaultGrants, type Caller } from '../services/index.ts';
import { type ConsoleDeps, type ConsoleService, openConsole } from './console.ts';
import { createRecordingPublisher } from './testing/recording-publisher.ts';
import { changeOf, createScriptedConfig } from './testing/scripted-config.ts';
import { createScriptedControl, type ScriptedRecycle } from './testing/scripted-control.ts';

let folder = '';
let config = createScriptedConfig();
let control = createScriptedControl();
let publisher = createRecordingPublisher();
let open: ConsoleService[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-console-'));
  config = createScriptedConfig();
  control = createScriptedControl();
  publisher = createRecordingPublisher();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  await rm(folder, { recursive: true });
});

async function start(changes: Partial<ConsoleDeps> = {}): Promise<ConsoleService> {
  let number = 0;
  const service = await openConsole({
    config,
    control,
    publisher,
    logger: silentLogger,
    logs: { recentLogs: () => [] },
    dataFolder: folder,
    findUsername: async (userId) => userId.replace('id-of-', ''),
    // The first id is that of the run.
    newId: () => `operation-${number++}`,
    now: () => 1_000,
    ...changes,
  });
  open.push(service);
  return service;
}

function callerOf(name: string): Caller {
  return {
    userId: `id-of-${name}`,
    sessionId: '',
    roles: ['system_admin'],
    grants: defaultGrants,
    causality: { token: undefined, raise: () => undefined },
    requestId: '',
    address: '127.0.0.1',
    connectionId: '',
  };
}

async function nextRecycle(index = 0): Promise<ScriptedRecycle> {
  return vi.waitUntil(() => control.recycles[index]);
}

const ann = callerOf('ann');
const bob = callerOf('bob');
const real = { dryRun: false };

describe('reload', () => {
  test('makes the file the running configuration, says what changed and leaves the pools alone', async () => {
    const service = await start();
    config.editFile([changeOf('SqlSettings.DataSource[1]', 'after-recycle'), changeOf('TeamSettings.MaxUsers', 'now')]);
    const answer = await service.reload(ann, real);
    expect(answer.text).toBe(
      'Configuration reloaded. 2 settings changed. 1 takes effect after Recycle Database Connections.',
    );
    expect(answer.recycle_needed).toBe(true);
    expect(control.recycles).toHaveLength(0);

    const { layers, recycle_needed, last_reload } = await service.configStatus();
    expect([layers.on_disk?.version, layers.running.version, layers.live.version]).toEqual([2, 2, 1]);
    expect(recycle_needed).toBe(true);
    expect(last_reload).toMatchObject({ actor: 'ann', succeeded: true, changes: 2 });
  });

  test('without a change is allowed and says so', async () => {
    const service = await start();
    expect((await service.reload(ann, real)).text).toBe('Reloaded. No settings changed.');
  });

  test('of a broken file changes nothing, tells why and stays in the history', async () => {
    const service = await start();
    config.breakFile('line 3, column 7: a comma is missing');
    await expect(service.reload(ann, real)).rejects.toMatchObject({
      status: 400,
      message: 'Reload unsuccessful: line 3, column 7: a comma is missing. The running configuration was not changed.',
    });
    expect((await service.configStatus()).last_reload).toMatchObject({ succeeded: false, actor: 'ann' });
    expect(service.events({ limit: 10 })).toMatchObject([{ kind: 'reload', severity: 'error', actor: 'ann' }]);
  });

  test('as a dry run is neither applied nor recorded', async () => {
    const service = await start();
    config.editFile([changeOf('SqlSettings.DataSource[1]', 'after-recycle')]);
    expect(await service.reload(ann, { dryRun: true })).toMatchObject({ dry_run: true, recycle_needed: true });
    const status = await service.configStatus();
    expect(status.layers.running.version).toBe(1);
    expect(status.history.map(({ kind }) => kind)).toEqual(['start']);
  });

  test('of settings that no pool uses needs no recycle', async () => {
    const service = await start();
    config.editFile([changeOf('TeamSettings.MaxUsers', 'now')]);
    expect((await service.reload(ann, real)).recycle_needed).toBe(false);
  });
});

describe('versions of the configuration', () => {
  test('of all that ran are kept, compared and restored to disk; a reload stays a step of its own', async () => {
    const service = await start();
    const first = config.running().sha;
    config.editFile([changeOf('TeamSettings.SiteName', 'now')]);
    await service.reload(ann, real);
    const second = config.running().sha;
    const { history, kept_versions: kept } = await service.configStatus();
    expect(history.map(({ kind, actor, sha }) => [kind, actor, sha])).toEqual([
      ['reload', 'ann', second],
      ['start', '', first],
    ]);
    expect(kept.toSorted()).toEqual([first, second].toSorted());
    expect(await service.compareVersions(first, 'running')).toMatchObject({
      from: first,
      to: second,
      changes: [{ path: 'TeamSettings.SiteName' }],
    });

    await expect(service.restoreVersion(ann, first, { on_disk: first })).rejects.toMatchObject({ status: 409 });
    expect(await service.restoreVersion(ann, first, { on_disk: second })).toEqual({ status: 'OK', sha: first });
    const { layers } = await service.configStatus();
    expect([layers.on_disk?.sha, layers.running.sha]).toEqual([first, second]);
    expect(service.events({ limit: 1 })).toMatchObject([
      { kind: 'config_restored', actor: 'ann', detail: { sha: first } },
    ]);
  });

  test('that the history has forgotten are not kept', async () => {
    const service = await start();
    const first = config.running().sha;
    for (let n = 0; n < 51; n++) {
      config.editFile([]);
      await service.reload(ann, real);
    }
    const { kept_versions: kept } = await service.configStatus();
    expect(kept).toHaveLength(50);
    await expect(service.compareVersions(first, 'running')).rejects.toMatchObject({ status: 404 });
    await expect(service.restoreVersion(ann, first, { on_disk: null })).rejects.toMatchObject({ status: 404 });
  });

  test('are told once when the server starts again with the same one', async () => {
    await (await start()).close();
    expect((await (await start()).configStatus()).history).toHaveLength(1);
  });
});

describe('recycle', () => {
  test('hands over the running settings, reports the named steps and moves the live layer', async () => {
    const service = await start();
    config.editFile([changeOf('SqlSettings.DataSource[1]', 'after-recycle')]);
    await service.reload(ann, real);
    const answer = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    expect(recycle.settings).toBe(config.running().database);
    expect(service.operations()[0]?.steps.map((step) => step.name)).toEqual([...recycleSteps]);
    recycle.step('Check', 'running');
    recycle.step('Check', 'done', '3 data sources');
    control.generation = 2;
    recycle.end();

    const { operation, joined } = await answer;
    expect(joined).toBe(false);
    expect(operation).toMatchObject({ outcome: 'succeeded', actor: 'ann', write_hold_ms: 12, writes_held: 3 });
    expect(operation?.steps[0]).toMatchObject({ name: 'Check', state: 'done', detail: '3 data sources' });
    const { layers, kept_versions: kept } = await service.configStatus();
    expect(layers.live).toMatchObject({ version: 2, generation: 2 });
    expect(operation?.configuration_before).not.toBe(layers.live.sha);
    expect(kept).toContain(operation?.configuration_before);
    expect(publisher.dataOf('operation_updated').map((update) => update.outcome)).toContain('running');
    expect(publisher.published.every((event) => event.adminsOnly)).toBe(true);
  });

  test('a second request joins the one that runs', async () => {
    const service = await start();
    const first = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    const second = service.recycle(bob, {}, real);
    // The second request is at its waiting place once its actor's name is known; only then may the first end.
    await new Promise((resolve) => setImmediate(resolve));
    recycle.end();
    expect(await second).toMatchObject({ joined: true, operation: { id: 'operation-1', actor: 'ann' } });
    expect((await first).joined).toBe(false);
    expect(control.recycles).toHaveLength(1);

    const third = service.recycle(bob, {}, real);
    (await nextRecycle(1)).end();
    expect(await third).toMatchObject({ joined: false, operation: { actor: 'bob' } });
  });

  test('a failure before the switch is refused with its cause and leaves the live layer where it was', async () => {
    const service = await start();
    config.editFile([changeOf('SqlSettings.DataSource[0]', 'after-recycle')]);
    await service.reload(ann, real);
    const answer = service.recycle(ann, {}, real);
    const summary = 'pg-b:5432/holdfast refused the password. Nothing changed.';
    const recycle = await nextRecycle();
    recycle.step('Check', 'running');
    recycle.end({ outcome: 'failed-nothing-changed', summary });
    await expect(answer).rejects.toMatchObject({ status: 409, message: `Recycling unsuccessful: ${summary}` });

    const [operation] = service.operations();
    expect(operation?.steps.map((step) => step.state)).toEqual(['failed', ...Array(7).fill('skipped')]);
    expect((await service.configStatus()).layers.live.version).toBe(1);
    expect(service.events({ limit: 1 })).toMatchObject([{ kind: 'recycle', severity: 'error', actor: 'ann' }]);
  });

  test.each([
    ['before', 1, 'failed-nothing-changed'],
    ['after', 2, 'failed-after-switch'],
  ])('a defect %s the switch is told from the other', async (_, generation, outcome) => {
    const service = await start();
    const answer = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    control.generation = generation;
    recycle.crash(new Error('out of luck'));
    await expect(answer).rejects.toMatchObject({ message: 'Recycling unsuccessful: out of luck' });
    expect(service.operations()[0]).toMatchObject({ outcome });
  });

  test('is cancelled before the switch, by whoever asks; the log names who did it', async () => {
    const service = await start();
    const answer = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    recycle.step('Hold writes', 'running');
    expect(service.operations()[0]).toMatchObject({ cancellable: true, cancelled_by: null });
    const cancelled = service.cancel(bob, 'operation-1');
    await vi.waitUntil(() => recycle.signal?.aborted);
    expect(service.operations()[0]).toMatchObject({ outcome: 'running', cancellable: false, cancelled_by: 'bob' });
    const again = service.cancel(ann, 'operation-1');
    await new Promise((resolve) => setImmediate(resolve));
    recycle.end({ outcome: 'cancelled', summary: 'Nothing changed.' });

    const summary = 'Recycling cancelled by bob. Nothing changed.';
    expect(await cancelled).toMatchObject({ outcome: 'running', cancelled_by: 'bob' });
    expect(await again).toMatchObject({ outcome: 'running', cancelled_by: 'bob' });
    await expect(answer).rejects.toMatchObject({ status: 409, message: summary });
    expect(service.operations()[0]).toMatchObject({ outcome: 'cancelled', actor: 'ann', cancelled_by: 'bob', summary });
    control.emit({ kind: 'recycle_cancelled' });
    expect(service.events({ limit: 9 })).toMatchObject([
      { kind: 'recycle', severity: 'warning', actor: 'bob', text: summary, detail: { outcome: 'cancelled' } },
    ]);
  });

  test('is not cancelled from the switch on, nor when it has ended, nor when it never was', async () => {
    const service = await start();
    const answer = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    recycle.step('Switch', 'running');
    expect(service.operations()[0]).toMatchObject({ cancellable: false });
    const cancel = (id: string) => service.cancel(bob, id);
    await expect(cancel('operation-1')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('too late to cancel'),
    });
    expect(recycle.signal?.aborted).toBe(false);
    recycle.end();
    expect((await answer).operation).toMatchObject({ outcome: 'succeeded', cancellable: false });
    await expect(cancel('operation-1')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('has ended'),
    });
    await expect(cancel('operation-7')).rejects.toMatchObject({ status: 404 });
  });

  test('the answer does not wait for a long drain; the operation goes on', async () => {
    const service = await start({ drainPatienceMs: 1 });
    const answer = service.recycle(ann, {}, real);
    const recycle = await nextRecycle();
    recycle.step('Drain old', 'running', '1 in flight');
    const { operation } = await answer;
    expect(operation?.outcome).toBe('running');
    recycle.step('Drain old', 'done');
    recycle.end();
    await vi.waitUntil(() => service.operation('operation-1').outcome === 'succeeded');
  });

  test('with an override goes on in spite of red checks; events, operation and log say who and which', async () => {
    const lines: unknown[] = [];
    const log = (_: string, fields?: unknown) => lines.push(fields);
    const service = await start({ logger: { ...silentLogger, info: log, warn: log } });
    const name = 'pg-a:5432/holdfast';
    const answer = service.recycle(ann, { override: name }, real);
    const recycle = await nextRecycle();
    expect(recycle.override).toBe(name);
    // A request that accepts less must not be told the end of this one.
    await expect(service.recycle(bob, {}, real)).rejects.toMatchObject({ status: 409 });
    control.generation = 2;
    control.emit({ kind: 'recycle_overridden', severity: 'error', source: name, text: 'In spite of it.' });
    const checks = ['Schema of pg-a: old.'];
    recycle.end({ summary: 'Overridden.', overridden: { checks, loss: undefined } });
    expect((await answer).operation).toMatchObject({ outcome: 'succeeded', overridden: checks });
    expect(service.events({ limit: 2 })).toMatchObject([
      { kind: 'recycle_overridden', severity: 'error', actor: 'ann', source: name },
      { kind: 'recycle', actor: 'ann' },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({ action: 'database.recycle', actor: 'ann', override: name, outcome: 'success' }),
    );
  });

  test.each(['pg-b:5432/holdfast', 'pg-a', ''])('with an override for %j does nothing', async (override) => {
    const service = await start();
    await expect(service.recycle(ann, { override }, real)).rejects.toMatchObject({
      status: 400,
      message: 'The override needs the name of the new master, pg-a:5432/holdfast. Nothing was changed.',
    });
    expect([control.recycles, service.operations(), service.events({ limit: 1 })]).toEqual([[], [], []]);
  });

  test('an override is for system admins, also where others may recycle', async () => {
    const service = await start();
    const manager: Caller = { ...ann, roles: ['system_user', 'system_manager'] };
    const refused = service.recycle(manager, { override: 'pg-a:5432/holdfast' }, real);
    await expect(refused).rejects.toMatchObject({ status: 403 });
    expect([control.recycles, service.operations()]).toEqual([[], []]);
  });

  test('a dry run plans and starts nothing', async () => {
    const service = await start();
    expect(await service.recycle(ann, {}, { dryRun: true })).toMatchObject({ dry_run: true, plan: { possible: true } });
    expect(service.operations()).toEqual([]);
    expect(control.recycles).toEqual([]);
  });
});

describe('history', () => {
  test('survives a restart; what was running then is shown as cancelled, not as failed', async () => {
    const first = await start();
    await first.reload(ann, real);
    void first.recycle(ann, {}, real);
    await nextRecycle();
    await first.close();

    const second = await start();
    expect(second.operations()).toMatchObject([{ id: 'operation-1', outcome: 'cancelled', ended_at: 1_000 }]);
    expect((await second.configStatus()).history.map(({ kind }) => kind)).toEqual(['reload', 'start']);
    const before = second.events({ limit: 10 });
    control.emit({ text: 'after the restart' });
    const [added] = second.events({ limit: 10, after: before.at(-1)?.id ?? 0 });
    expect(added).toMatchObject({ text: 'after the restart', id: (before.at(-1)?.id ?? 0) + 1 });
  });

  test('events of the databases are kept, paged and sent to admins', async () => {
    const service = await start();
    for (const text of ['one', 'two', 'three']) control.emit({ text });
    // The operation records the end of a recycle, with the name of the admin.
    control.emit({ kind: 'recycled' });
    expect(service.events({ limit: 2 }).map((event) => event.text)).toEqual(['two', 'three']);
    expect(service.events({ limit: 1, after: 1 }).map((event) => event.text)).toEqual(['two']);
    expect(publisher.dataOf('database_event').map((event) => event.id)).toEqual([1, 2, 3]);
    await service.close();
    expect(control.listeners()).toBe(0);
  });

  test('an operation that nobody knows is a 404', async () => {
    const service = await start();
    expect(() => service.operation('nobody')).toThrow(expect.objectContaining({ status: 404 }));
  });
});

test.each([false, true])('everybody is told of a new master (forced: %s)', async (forced) => {
  await start();
  control.moveMaster({ name: 'pg-b:5432/holdfast', forced });
  expect(publisher.published).toMatchObject([
    { event: 'database_master_changed', data: { forced, at: 1_000 }, to: {} },
  ]);
  expect(publisher.published[0]?.adminsOnly).toBeUndefined();
});

test('an actor whose name the database cannot tell in time acts under the last known name, or the id', async () => {
  let answers = true;
  const findUsername = (userId: string): Promise<string | undefined> =>
    answers ? Promise.resolve(`name of ${userId}`) : Promise.reject(new Error('every database is down'));
  const service = await start({ findUsername });
  await service.reload(ann, real);
  answers = false;
  await service.reload(ann, real);
  await service.reload(bob, real);
  const actors = (await service.configStatus()).history.map((each) => each.actor);
  expect(actors).toEqual(['id-of-bob', 'name of id-of-ann', 'name of id-of-ann', '']);
});

describe('a switchover', () => {
  const request = { name: 'pg-b:5432/holdfast' };
  const nextSwitchover = (index = 0) => vi.waitUntil(() => control.switchovers[index]);

  test('lets the configuration name the new master, so that a recycle afterwards changes nothing', async () => {
    const service = await start();
    const asked = service.switchover(ann, request, real);
    const running = await nextSwitchover();
    control.generation = 2;
    running.end({ followUps: [{ source: 'pg-a:5432/holdfast', text: 'Make it a replica.', commands: ['pg_rewind'] }] });
    const { operation } = await asked;
    expect(operation).toMatchObject({ outcome: 'succeeded', configuration: { written: true } });
    expect(operation?.follow_ups).toHaveLength(1);
    expect(operation?.steps.at(-1)).toMatchObject({ name: 'Write configuration', state: 'done' });
    expect(config.moves).toEqual([request.name]);
    expect((await service.configStatus()).recycle_needed).toBe(false);
    const { sha } = config.running();
    const { history, kept_versions: kept } = await service.configStatus();
    expect(history[0]).toMatchObject({ kind: 'switchover', actor: 'ann', succeeded: true, sha });
    expect(kept).toContain(sha);
    expect(service.events({ limit: 10 })).toMatchObject([{ kind: 'switchover', severity: 'info', actor: 'ann' }]);
  });

  test('gives the text to paste when the file cannot be written', async () => {
    const service = await start();
    config.move = { written: false, reason: 'It is read-only.', setting: 'SqlSettings', text: '"DataSource": "..."' };
    const asked = service.switchover(ann, request, real);
    const running = await nextSwitchover();
    control.generation = 2;
    running.end();
    expect((await asked).operation?.configuration).toMatchObject({ written: false, text: '"DataSource": "..."' });
  });

  test('that failed leaves the configuration alone and says why', async () => {
    const service = await start();
    const asked = service.switchover(ann, request, real);
    (await nextSwitchover()).end({ outcome: 'failed-nothing-changed', summary: 'It lags.' });
    await expect(asked).rejects.toMatchObject({ status: 409, message: 'Switchover unsuccessful: It lags.' });
    expect(config.moves).toEqual([]);
  });

  test('is joined by the same request, and refuses everything else meanwhile', async () => {
    const service = await start();
    const first = service.switchover(ann, request, real);
    const running = await nextSwitchover();
    const second = service.switchover(bob, request, real);
    const busy = { status: 409, message: 'Another switchover is running. Try again when it has ended.' };
    await expect(service.switchover(bob, { name: 'pg-c:5432/holdfast' }, real)).rejects.toMatchObject(busy);
    await expect(service.switchover(bob, { ...request, emergency: true }, real)).rejects.toMatchObject(busy);
    await expect(service.recycle(bob, {}, real)).rejects.toMatchObject(busy);
    running.end();
    expect([(await first).joined, (await second).joined]).toEqual([false, true]);
    expect(control.switchovers).toHaveLength(1);
    expect(control.recycles).toHaveLength(0);
  });

  test('shows what it asks of a person, and goes on to show it when the step is over', async () => {
    const service = await start();
    const asked = service.switchover(ann, request, real);
    const running = await nextSwitchover();
    const asks = { source: request.name, text: 'Run this now.', commands: ['SELECT pg_promote();'] };
    const promote = () => service.operations()[0]?.steps.find(({ name }) => name === 'Promote');
    running.ask('Promote', asks);
    expect(promote()).toMatchObject({ state: 'running', asks });
    running.step('Promote', 'done', 'it is a master');
    expect(promote()).toMatchObject({ state: 'done', detail: 'it is a master', asks });
    running.end();
    await asked;
  });
});
