import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configAnswer, configStatus, errorBody } from '../../../contract/index.ts';
import { type ConfigStore, openConfigStore } from '../../config/index.ts';
import { type ConsoleService, openConsole } from '../../console/index.ts';
import { createRecordingPublisher, createScriptedControl } from '../../console/testing/index.ts';
import { silentLogger } from '../../observability/index.ts';
import { newId } from '../../services/index.ts';
import { type MemoryApi, startMemoryApi } from '../testing/index.ts';
import { createConsoleRoutes } from './console-routes.ts';

const content = {
  ServiceSettings: { SiteURL: 'https://chat.example.com' },
  SqlSettings: { DataSource: 'postgres://u:top-secret@a/x' },
  TeamSettings: { SiteName: 'Us' },
};

let folder = '';
let path = '';
let config: ConfigStore;
let control = createScriptedControl();
let service: ConsoleService;
let api: MemoryApi;
let restricted = false;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-edit-api-'));
  path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(content));
  config = await openConfigStore({ path, env: {}, logger: silentLogger });
  control = createScriptedControl();
  restricted = false;
  service = await openConsole({
    config,
    control,
    publisher: createRecordingPublisher(),
    logger: silentLogger,
    logs: { recentLogs: () => [] },
    dataFolder: folder,
    isRestricted: () => restricted,
    findUsername: async () => 'ann',
    newId,
  });
  api = await startMemoryApi(createConsoleRoutes(service));
});

afterEach(async () => {
  await api.stop();
  await service.close();
  config.close();
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const call = (method: string, to: string, body?: unknown, who: 'admin' | 'manager' | 'user' = 'admin') =>
  api.call(who, method, to, body);
const refusal = async (...[method, to, body]: Parameters<typeof call>) => {
  const answer = await call(method, to, body);
  const { id, message } = errorBody.parse(answer.body);
  return { status: answer.status, id, message };
};
const onDisk = async (): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

test('what is read is sent back changed: it is in the file, running, in the history, and no pool was touched', async () => {
  const shown = configAnswer.parse((await call('GET', '/config')).body);
  expect(JSON.stringify(shown)).not.toContain('top-secret');
  const wanted = { ...shown, TeamSettings: { ...shown['TeamSettings'], SiteName: 'They' } };
  const put = await call('PUT', '/config', wanted);
  expect([put.status, put.body]).toEqual([200, wanted]);
  expect(await onDisk()).toEqual({ ...content, TeamSettings: { SiteName: 'They' } });
  const status = configStatus.parse((await call('GET', '/config/status')).body);
  expect(status).toMatchObject({ changes: [], recycle_needed: false });
  expect(status.history[0]).toMatchObject({ kind: 'edit', actor: 'ann', succeeded: true });
  expect(status.kept_versions).toHaveLength(2);
  expect(service.events({ limit: 10 })).toMatchObject([{ kind: 'config_edited', actor: 'ann' }]);
  expect(control.recycles).toEqual([]);
});

test('databases are written and wait for a recycle', async () => {
  const { DataSource } = configAnswer.parse((await call('GET', '/config')).body)['SqlSettings'] as {
    DataSource: string;
  };
  const more = `${DataSource},postgres://u:other@b/x`;
  expect((await call('PUT', '/config/patch', { SqlSettings: { DataSource: more } })).status).toBe(200);
  expect(await onDisk()).toMatchObject({
    SqlSettings: { DataSource: 'postgres://u:top-secret@a/x,postgres://u:other@b/x' },
  });
  expect((await call('GET', '/config/status')).body).toMatchObject({ recycle_needed: true });
  expect(control.recycles).toEqual([]);
});

test('a part of it is asked for', async () => {
  expect((await call('GET', '/config?remove_defaults=true&remove_masked=true')).body).toEqual({
    ServiceSettings: content.ServiceSettings,
    TeamSettings: content.TeamSettings,
  });
});

test.each([
  ['nonsense', { TeamSettings: { UserStatusAwayTimeout: 'x' } }, 400, 'api.config.update_config.invalid.app_error'],
  ['a cleared Site URL', { ServiceSettings: { SiteURL: '' } }, 400, 'api.config.update_config.clear_siteurl.app_error'],
  ['a section that is none', { TeamSettings: 7 }, 400, 'api.config.update_config.invalid.app_error'],
  ['no object', [], 400, 'api.context.invalid_body_param.app_error'],
])('%s is refused and changes nothing', async (_, body, status, id) => {
  expect(await refusal('PUT', '/config/patch', body)).toMatchObject({ status, id });
  expect(await onDisk()).toEqual(content);
});

test('an edit by hand that was not reloaded, and a file that may not be written, are refusals', async () => {
  const patch = { TeamSettings: { SiteName: 'x' } };
  await writeFile(path, JSON.stringify({ ...content, TeamSettings: { SiteName: 'by hand' } }));
  expect(await refusal('PUT', '/config/patch', patch)).toMatchObject({
    status: 409,
    id: 'api.config.update_config.changed.app_error',
  });
  expect(await refusal('POST', '/config/migrate')).toMatchObject({ status: 501 });
});

test('a restricted admin keeps to the chat: no database, no reload, no recycle', async () => {
  restricted = true;
  const refused = { status: 403, id: 'api.restricted_system_admin' };
  expect(await refusal('PUT', '/config/patch', { SqlSettings: { MaxOpenConns: 5 } })).toMatchObject(refused);
  expect(await refusal('PUT', '/config/patch', { ExperimentalSettings: { RestrictSystemAdmin: true } })).toMatchObject(
    refused,
  );
  expect(await refusal('POST', '/config/reload')).toMatchObject(refused);
  expect(await refusal('POST', '/database/recycle')).toMatchObject(refused);
  expect(await onDisk()).toEqual(content);
  expect((await call('PUT', '/config/patch', { TeamSettings: { SiteName: 'x' } })).status).toBe(200);
});

test('others may not', async () => {
  for (const to of ['/config', '/config/patch']) expect((await call('PUT', to, {}, 'user')).status).toBe(403);
  expect(await onDisk()).toEqual(content);
});

test('a manager sees and changes what the role is for, and the rest stays silently', async () => {
  const shown = configAnswer.parse((await call('GET', '/config', undefined, 'manager')).body);
  expect(shown['ServiceSettings']).toHaveProperty('SiteURL');
  const [part = ''] = Object.keys(config.masked()).filter((section) => !(section in shown));
  expect(part).toBe('ExperimentalSettings');
  const patch = { TeamSettings: { SiteName: 'They' }, ExperimentalSettings: { RestrictSystemAdmin: true } };
  const patched = await call('PUT', '/config/patch', patch, 'manager');
  expect([patched.status, patched.body]).toMatchObject([200, { TeamSettings: { SiteName: 'They' } }]);
  expect(await onDisk()).toEqual({ ...content, TeamSettings: { SiteName: 'They' } });
  expect((await call('POST', '/config/migrate', undefined, 'manager')).status).toBe(403);
});
