import { request } from 'node:http';
import type { Channel, FileInfo, Team, UploadedFiles } from '../../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../../database/testing/index.ts';
import { silentLogger } from '../../../observability/index.ts';
import { createTestFiles, type TestFiles } from '../../../services/files/testing/test-files.ts';
import { createTidyFiles } from '../../../services/files/tidy-files.ts';
import type { Chat } from '../../../services/index.ts';
import { createFileStore, createUploadSessionStore } from '../../../stores/files/index.ts';
import { type ChatClient, chatClient, startChatApi } from '../../posts/testing/chat-api.ts';
import type { TestApi } from '../../testing/index.ts';

/** The API with files in a folder of its own, and people in a channel. */
export interface FilesApi {
  readonly api: TestApi;
  readonly chat: Chat;
  readonly files: TestFiles;
  /** Members of the channel. */
  readonly ann: ChatClient;
  readonly bob: ChatClient;
  /** In the team, not in the channel, which is private. */
  readonly eve: ChatClient;
  readonly channel: Channel;
  readonly elsewhere: Channel;
  /** A second server on the same database and the same folder. */
  second(): Promise<TestApi>;
  /** The clean-up, as it would be at this time (ms). */
  tidyAt(time: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startFilesApi(): Promise<FilesApi> {
  const opened: OpenTestDatabase = await openTestDatabase();
  const files = createTestFiles();
  let chat: Chat | undefined;
  const servers: TestApi[] = [];
  const start = async (onChat: (made: Chat) => void): Promise<TestApi> => {
    const api = await startChatApi(opened, { fileGround: files, onChat });
    servers.push(api);
    return api;
  };
  const api = await start((made) => (chat = made));
  await api.person('root');
  const [ann, bob, eve] = [await api.person('ann'), await api.person('bob'), await api.person('eve')].map((person) =>
    chatClient(api, person),
  ) as [ChatClient, ChatClient, ChatClient];
  const team = await ann.post<Team>('/teams', { name: `t-${ann.userId}`, display_name: 'T', type: 'O' });
  for (const { userId } of [bob, eve])
    await ann.post(`/teams/${team.id}/members`, { team_id: team.id, user_id: userId });
  const channelNamed = (name: string) =>
    ann.post<Channel>('/channels', { team_id: team.id, name, display_name: name, type: 'P' });
  const [channel, elsewhere] = [await channelNamed('files'), await channelNamed('elsewhere')];
  await ann.post(`/channels/${channel.id}/members`, { user_id: bob.userId });
  return {
    ...{ api, files, ann, bob, eve, channel, elsewhere, chat: chat as unknown as Chat },
    second: () => start(() => undefined),
    tidyAt: createTidying(opened, files),
    async stop() {
      for (const server of servers) await server.stop();
      await opened.stop();
      await files.remove();
    },
  };
}

function createTidying({ database }: OpenTestDatabase, files: TestFiles): FilesApi['tidyAt'] {
  return (time) =>
    createTidyFiles({
      ...files,
      files: createFileStore(database),
      uploads: createUploadSessionStore(database),
      logger: silentLogger,
      now: () => time,
    })();
}

/** Sends a form; strings are fields, blobs are files. */
export async function sendForm(
  api: TestApi,
  who: ChatClient,
  path: string,
  parts: readonly (readonly [name: string, value: string | Blob, filename?: string])[],
): Promise<{ status: number; body: UploadedFiles & { id: string } }> {
  const form = new FormData();
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, filename);
  }
  const response = await fetch(`${api.base}/api/v4${path}`, {
    method: 'POST',
    headers: who.person.headers,
    body: form,
  });
  return { status: response.status, body: (await response.json()) as UploadedFiles & { id: string } };
}

export async function uploadOne(
  { api, channel }: FilesApi,
  who: ChatClient,
  content: string | Buffer,
  name = 'a.txt',
): Promise<FileInfo> {
  const { status, body } = await sendForm(api, who, '/files', [
    ['channel_id', channel.id],
    ['files', new Blob([new Uint8Array(Buffer.from(content))]), name],
  ]);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.file_infos[0] as FileInfo;
}

/** A request whose bytes the test sends itself, one by one. */
export function openRequest(
  api: TestApi,
  who: ChatClient,
  path: string,
  headers: Record<string, string | number> = {},
) {
  const sent = request(`${api.base}/api/v4${path}`, { method: 'POST', headers: { ...who.person.headers, ...headers } });
  const answer = new Promise<{ status: number; id: string }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (piece) => (text += piece));
      response.on('end', () => {
        const body = text === '' ? {} : (JSON.parse(text) as { id?: string });
        resolve({ status: response.statusCode ?? 0, id: body.id ?? '' });
      });
    });
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

export function download(
  api: TestApi,
  who: ChatClient | undefined,
  path: string,
  headers: Record<string, string> = {},
) {
  return fetch(`${api.base}/api/v4${path}`, { headers: { ...who?.person.headers, ...headers } });
}
