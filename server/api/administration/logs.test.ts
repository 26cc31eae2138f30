import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logLinesAnswer, logQueryAnswer } from '../../../contract/index.ts';
import { createLogger, type LogOutput } from '../../observability/index.ts';
import { ServerLogs } from '../../services/administration/server-logs.ts';
import { type MemoryApi, startMemoryApi } from '../testing/index.ts';
import { createLogsRoutes } from './logs.routes.ts';

let log: LogOutput;
let api: MemoryApi;
const routes = () => createLogsRoutes(new ServerLogs(log));

beforeEach(async () => {
  log = createLogger({ level: 'debug', format: 'json' }, () => {});
  api = await startMemoryApi(routes());
});
afterEach(() => api.stop());

const lines = async (query = '') => logLinesAnswer.parse((await api.call('admin', 'GET', `/logs${query}`)).body);
const messages = (texts: readonly string[]) => texts.map((line) => (JSON.parse(line) as { msg: string }).msg);
const query = async (body: object, at = '') =>
  logQueryAnswer
    .parse((await api.call('admin', 'POST', `/logs/query${at}`, body)).body)
    ['default']?.map(({ msg }) => msg);

describe('GET /logs', () => {
  it('gives the newest lines first, page by page, in Mattermost names and without a secret', async () => {
    for (const n of [1, 2, 3, 4, 5]) log.logger.info(`line.${n}`, { password: 'hidden', n });
    expect(messages(await lines())).toEqual(['line.1', 'line.2', 'line.3', 'line.4', 'line.5']);
    expect(messages(await lines('?page=0&logs_per_page=2'))).toEqual(['line.4', 'line.5']);
    expect(messages(await lines('?page=2&logs_per_page=2'))).toEqual(['line.1']);
    expect(await lines('?page=3&logs_per_page=2')).toEqual([]);
    const [line = ''] = await lines('?logs_per_page=1');
    expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'line.5', n: 5, password: '***' });
  });
});

describe('POST /logs/query', () => {
  it('narrows by level, time and server', async () => {
    log.logger.info('calm');
    log.logger.error('bad');
    expect(await query({})).toEqual(['calm', 'bad']);
    expect(await query({ log_levels: ['error'] })).toEqual(['bad']);
    expect(await query({ date_from: '2000-01-01T00:00:00Z', date_to: '2001-01-01 00:00:00.000 +01:00' })).toEqual([]);
    expect(await query({ date_from: '2000-01-01T00:00:00Z' })).toEqual(['calm', 'bad']);
    expect(await query({ server_names: ['another'] })).toBeUndefined();
    expect(await query({ server_names: ['default'] }, '?logs_per_page=1')).toEqual(['bad']);
    expect((await api.call('admin', 'POST', '/logs/query', { date_to: 'soon' })).status).toBe(400);
  });
});

it('the log is a file to be saved', async () => {
  log.logger.warn('kept');
  const file = await api.call('admin', 'GET', '/logs/download');
  expect(file.headers.get('content-disposition')).toContain('attachment');
  expect(JSON.parse(file.text)).toMatchObject({ msg: 'kept', level: 'warn' });
});

it('is for who may read logs, and nonsense is refused', async () => {
  for (const { definition } of routes()) {
    const method = definition.method.toUpperCase();
    expect((await api.call('user', method, definition.path)).status).toBe(403);
    expect((await api.call('manager', method, definition.path, method === 'POST' ? {} : undefined)).status).toBe(200);
    expect((await api.call('nobody', method, definition.path)).status).toBe(401);
  }
});
