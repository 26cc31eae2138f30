import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConsoleRoutes } from '../api/console/index.ts';
import { createApi } from '../api/http/index.ts';
import { openConsole } from '../console/index.ts';
import { createRecordingPublisher, createScriptedConfig, createScriptedControl } from '../console/testing/index.ts';
import { silentLogger } from '../observability/index.ts';
import { defaultGrants, type ActiveSession, newId } from '../services/index.ts';
import { main } from './index.ts';

const name = 'pg-b:5432/holdfast';
const admin: ActiveSession = {
  id: 's'.repeat(26),
  userId: 'u'.repeat(26),
  roles: ['system_user', 'system_admin'],
  csrf: 'c',
  expiresAt: 9e15,
};

let folder: string;
let control: ReturnType<typeof createScriptedControl>;
let config: ReturnType<typeof createScriptedConfig>;
let server: Server;
let close: () => Promise<void>;
let url: string;
let out: string[];
let err: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  control = createScriptedControl();
  config = createScriptedConfig();
  [out, err] = [[], []];
  const service = await openConsole({
    config,
    control,
    publisher: createRecordingPublisher(),
    logger: silentLogger,
    logs: { recentLogs: () => [] },
    dataFolder: folder,
    findUsername: async () => 'ann',
    newId,
  });
  close = service.close;
  server = createApi({
    routes: createConsoleRoutes(service),
    sessions: { grants: () => defaultGrants, authenticate: (token) => (token === 'admin' ? admin : undefined) },
    causality: { of: () => ({ token: undefined, raise: () => undefined }) },
    log: silentLogger,
    versionId: () => 'test',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await close();
  await rm(folder, { recursive: true });
});

const holdfast = (...argv: string[]): Promise<number> => holdfastAs('admin', ...argv);
const holdfastAs = (token: string, ...argv: string[]): Promise<number> =>
  main(['database', ...argv, '--url', url], {
    runServer: () => Promise.reject(new Error('must not start')),
    env: { HOLDFAST_TOKEN: token },
    version: '1.2.3',
    print: (text) => out.push(text),
    printError: (text) => err.push(text),
  });
const begun = () => vi.waitUntil(() => control.switchovers.at(-1));

describe('holdfast database', () => {
  it('shows the status and tests, as text and as the answer of the API', async () => {
    expect(await holdfast('status')).toBe(0);
    expect(out.join('\n')).toMatch(/^Mode normal, generation 1\.\nNAME +ROLE/);
    expect(await holdfast('test')).toBe(0);
    expect(out.at(-1)).toContain('pg-a:5432/holdfast (master)');
    expect(await holdfast('status', '--json')).toBe(0);
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({ generation: 1, mode: { mode: 'normal' } });
  });

  it('shows the dry run of a switchover and changes nothing', async () => {
    expect(await holdfast('switch', name, '--dry-run')).toBe(0);
    expect(out.join('\n')).toContain(`Switchover from pg-a:5432/holdfast to ${name}`);
    expect(control.switchovers).toEqual([]);
  });

  it('shows the steps of a switchover as they happen, and what is left to do', async () => {
    config.move = { written: false, reason: 'It is read-only.', setting: 'SqlSettings', text: '"DataSource": "..."' };
    const running = holdfast('switch', name);
    const switchover = await begun();
    switchover.step('Check', 'running');
    switchover.step('Check', 'done', '9 checks');
    await vi.waitUntil(() => out.some((line) => line.includes('9 checks')));
    switchover.step('Promote', 'running', 'Run on it now: SELECT pg_promote();');
    await vi.waitUntil(() => out.some((line) => line.includes('SELECT pg_promote();')));
    control.generation = 2;
    switchover.end({
      summary: 'It is the master.',
      followUps: [{ source: 'pg-a', text: 'Do it.', commands: ['x y'] }],
    });
    expect(await running).toBe(0);
    expect(out.at(-1)).toBe(
      'It is the master.\nIt is read-only. Write this to SqlSettings:\n    "DataSource": "..."\nDo it. (on pg-a)\n    x y',
    );
    expect(err).toEqual([]);
  });

  it.each([
    ['failed-nothing-changed', 1, 'Switchover unsuccessful: It lags.'],
    ['cancelled', 1, 'Switchover unsuccessful: It lags.'],
    ['failed-after-switch', 3, 'Switchover incomplete: It lags.'],
  ] as const)('ends a switchover that is %s with status %d', async (outcome, code, message) => {
    const running = holdfast('switch', name);
    (await begun()).end({ outcome, summary: 'It lags.' });
    expect(await running).toBe(code);
    expect(err).toEqual([message]);
  });

  it('ends a recycle that failed after the switch with status 3', async () => {
    const running = holdfast('recycle', '--json');
    (await vi.waitUntil(() => control.recycles[0])).end({ outcome: 'failed-after-switch', summary: 'It broke.' });
    expect(await running).toBe(3);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ id: 'api.database.recycle.app_error' });
  });

  it('says in the dry run of a recycle what an override would accept, and hands it over', async () => {
    const [master, loss] = ['pg-a:5432/holdfast', 'History of pg-a: writes are given up.'];
    const plan = await control.plan(config.running().database);
    control.plan = async () => ({ ...plan, possible: false, overridable: { name: master, accepts: [loss] } });
    expect(await holdfast('recycle', '--dry-run')).toBe(1);
    expect(out.at(-1)).toContain(`all the same with --override ${master}, which accepts:\n    ${loss}`);
    expect(await holdfast('recycle', '--override', 'pg-b')).toBe(1);
    expect(err.at(-1)).toContain(`needs the name of the new master, ${master}`);
    const running = holdfast('recycle', '--override', master);
    const recycle = await vi.waitUntil(() => control.recycles[0]);
    expect(recycle.override).toBe(master);
    recycle.end();
    expect(await running).toBe(0);
  });

  it('hands the emergency path its confirmation', async () => {
    const running = holdfast('switch', name, '--emergency', '--confirm', name);
    const switchover = await begun();
    expect(switchover.request).toEqual({ name, emergency: true, confirmation: name });
    switchover.end();
    expect(await running).toBe(0);
  });

  it('takes the token from a file', async () => {
    await writeFile(join(folder, 'token'), 'admin\n');
    expect(await holdfastAs('', 'status', '--token-file', join(folder, 'token'))).toBe(0);
    expect(await holdfastAs('', 'status', '--token-file', join(folder, 'none'))).toBe(1);
    expect(err.join()).toContain('cannot be read (ENOENT)');
  });

  it.each([
    ['', 'A token is missing'],
    ['wrong', 'does not accept the token'],
    ['two words', 'holds white space'],
  ])('says what is wrong with the token %j', async (token, message) => {
    expect(await holdfastAs(token, 'status')).toBe(1);
    expect(err.join()).toContain(message);
  });

  it('says that nobody answers', async () => {
    url = 'http://127.0.0.1:1';
    expect(await holdfast('status')).toBe(1);
    expect(err.join()).toMatch(/does not answer: (ECONNREFUSED|bad port)/);
  });

  it.each([
    [[], 'Say what to do'],
    [['reload'], 'Say what to do'],
    [['switch'], 'Name the data source'],
    [['switch', 'a', 'b'], 'a word too many'],
    [['status', 'now'], 'a word too many'],
    [['status', '--dry-run'], '--dry-run has no meaning here.'],
    [['switch', 'a', '--override', 'a'], '--override has no meaning here.'],
    [['recycle', '--emergency'], '--emergency has no meaning here.'],
    [['status', '--config', 'x'], '--config has no meaning here.'],
  ])('%j is misuse', async (argv, message) => {
    expect(await holdfast(...argv)).toBe(2);
    expect(err.join()).toContain(message);
  });
});
