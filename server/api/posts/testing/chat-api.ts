import { openTestDatabase } from '../../../database/testing/index.ts';
import { silentLogger } from '../../../observability/index.ts';
import { createTestFiles } from '../../../services/files/testing/test-files.ts';
import { type Chat, createChat, type FileGround, type Publisher, type SearchRules } from '../../../services/index.ts';
import { createStores } from '../../../stores/index.ts';
import { createChannelsRoutes } from '../../channels/index.ts';
import { createDraftsRoutes } from '../../drafts/index.ts';
import { createFilesRoutes } from '../../files/index.ts';
import type { RouteSpec } from '../../http/index.ts';
import { createReactionsRoutes } from '../../reactions/index.ts';
import { createSearchRoutes } from '../../search/index.ts';
import { createSidebarRoutes } from '../../sidebar/index.ts';
import { createTeamsRoutes } from '../../teams/index.ts';
import { createThreadsRoutes } from '../../threads/index.ts';
import { startTestApi, type TestApi, type TestApiOptions, type TestPerson } from '../../testing/index.ts';
import { createPostsRoutes } from '../index.ts';

export interface ChatApiOptions {
  readonly fileGround?: FileGround;
  readonly searchRules?: () => SearchRules;
  /** Is given the services behind the routes. */
  readonly onChat?: (chat: Chat) => void;
  /** Beside those of the chat. */
  readonly further?: (publisher: Publisher) => readonly RouteSpec[];
}

const everySearch = (): SearchRules => ({ posts: true, files: true, silent: false });

/** The API with all of the chat, on a real database. */
export function startChatApi(
  layer: TestApiOptions['layer'],
  { fileGround = createTestFiles(), searchRules = everySearch, onChat, further }: ChatApiOptions = {},
): Promise<TestApi> {
  const { database } = layer;
  return startTestApi({
    layer,
    fileGround,
    routes(publisher, users) {
      const chat = createChat({
        ...createStores(database),
        searchRules,
        fileGround,
        publisher,
        logger: silentLogger,
      });
      onChat?.(chat);
      return [
        ...createFilesRoutes(chat),
        ...createTeamsRoutes(chat),
        ...createChannelsRoutes(chat),
        ...createPostsRoutes(chat),
        ...createThreadsRoutes({ chat, users }),
        ...createDraftsRoutes(chat),
        ...createReactionsRoutes(chat),
        ...createSidebarRoutes(chat),
        ...createSearchRoutes(chat),
        ...(further?.(publisher) ?? []),
      ];
    },
  });
}

type People<Names extends readonly string[]> = { -readonly [Place in keyof Names]: ChatClient };

/** The API with all of the chat on a database of its own, and people who have signed up; the first of them is the admin. */
export interface OpenChatApi<Names extends readonly string[]> {
  readonly api: TestApi;
  readonly people: People<Names>;
  stop(): Promise<void>;
}

export async function openChatApi<const Names extends readonly string[]>(...names: Names): Promise<OpenChatApi<Names>> {
  const opened = await openTestDatabase();
  let api: TestApi | undefined;
  const stop = async (): Promise<void> => {
    await api?.stop();
    await opened.stop();
  };
  try {
    api = await startChatApi(opened);
    const people: ChatClient[] = [];
    for (const name of names) people.push(chatClient(api, await api.person(name)));
    return { api, people: people as People<Names>, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One person's way to the API: every call must succeed, unless its refusal is what is asked for. */
export interface ChatClient {
  readonly person: TestPerson;
  readonly userId: string;
  get<T = unknown>(path: string): Promise<T>;
  post<T = unknown>(path: string, body?: unknown): Promise<T>;
  put<T = unknown>(path: string, body?: unknown): Promise<T>;
  delete<T = unknown>(path: string): Promise<T>;
  /** Status and error id of a call that must fail. */
  refused(method: string, path: string, body?: unknown): Promise<[status: number, id: string]>;
}

export function chatClient(api: TestApi, person: TestPerson): ChatClient {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await api.call(person, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  };
  return {
    person,
    userId: person.user.id,
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
    delete: (path) => ask('DELETE', path),
    async refused(method, path, body) {
      const answer = await api.call(person, method, path, body);
      if (answer.status < 400) throw new Error(`${method} ${path} was not refused: ${JSON.stringify(answer.body)}`);
      return [answer.status, answer.error.id];
    },
  };
}
