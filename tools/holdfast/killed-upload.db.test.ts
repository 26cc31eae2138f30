import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Channel, FileInfo, UploadSession } from '../../contract/index.ts';
import { createDatabase, type TestDatabase } from '../cluster/testing.ts';
import { account, ApiClient } from './index.ts';
import { type ServerProcess, startServer } from './server-process.ts';

let folder: string;
let configFile: string;
let database: TestDatabase;
let server: ServerProcess;
let ann: ApiClient;
let channel: Channel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-killed-'));
  configFile = join(folder, 'config.json');
  database = await createDatabase(inject('postgresUrl'));
  const config = {
    ServiceSettings: { ListenAddress: '127.0.0.1:0' },
    SqlSettings: { DriverName: 'postgres', DataSource: database.url },
  };
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  server = await startServer(configFile, folder);
  ann = await ApiClient.signUp(server.url, account('ann'));
  const team = await ann.createTeam('files');
  channel = await ann.createChannel(team.id, 'files');
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const headers = () => ({ authorization: `Bearer ${ann.token}` });
const api = (path: string) => `${server.url}/api/v4${path}`;
const get = async <T>(path: string): Promise<T> => (await (await fetch(api(path), { headers: headers() })).json()) as T;
const paths = async (): Promise<string[]> => {
  const found = await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Sends the beginning of a body that never ends. */
function begin(path: string, bytes: Buffer): void {
  const sent = request(api(path), { method: 'POST', headers: { ...headers(), 'content-length': 100_000_000 } });
  sent.on('error', () => undefined);
  sent.write(bytes);
}

async function killAndStart(): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server.stop();
  server = await startServer(configFile, folder);
}

it('a server that is killed in the midst of uploads goes on with those in pieces and shows nothing of the others', async () => {
  const content = randomBytes(3_000_000);
  const announcement = { channel_id: channel.id, filename: 'big.bin', file_size: content.length };
  const announced = await fetch(api('/uploads'), {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify(announcement),
  });
  const { id } = (await announced.json()) as UploadSession;
  const offset = async () => (await get<UploadSession>(`/uploads/${id}`)).file_offset;
  begin(`/uploads/${id}`, content.subarray(0, 1_200_000));
  begin(`/files?channel_id=${channel.id}&filename=whole.bin`, content.subarray(0, 500_000));
  await expect.poll(offset).toBe(1_200_000);
  await expect.poll(async () => (await paths()).length).toBe(2);

  await killAndStart();

  expect(await offset()).toBe(1_200_000);
  const rest = new Uint8Array(content.subarray(1_200_000));
  const last = await fetch(api(`/uploads/${id}`), { method: 'POST', headers: headers(), body: rest });
  expect(last.status).toBe(200);
  const file = (await last.json()) as FileInfo;
  const got = await fetch(api(`/files/${file.id}`), { headers: headers() });
  expect(Buffer.from(await got.arrayBuffer()).equals(content)).toBe(true);
  // What the killed server had of the other one has no name, and is swept a day later.
  expect((await paths()).filter((path) => !path.includes(file.id))).toEqual([expect.stringContaining('.incoming')]);
}, 120_000);
