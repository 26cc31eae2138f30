import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody, type ErrorBody, type User } from '../../../contract/index.ts';
import type { DatabaseLayer } from '../../database/index.ts';
import { silentLogger } from '../../observability/index.ts';
import {
  type AccountServices,
  createAccountServices,
  type FileGround,
  newId,
  type OutgoingEvent,
  type Publisher,
  type RecordAudit,
  RoleService,
  SessionService,
  type UserService,
} from '../../services/index.ts';
import { createTestFiles } from '../../services/files/testing/test-files.ts';
import { createStores } from '../../stores/index.ts';
import { createAccessTokensRoutes } from '../access-tokens/index.ts';
import { createBotsRoutes } from '../bots/index.ts';
import { createEmojiRoutes } from '../emoji/index.ts';
import { createApi, type RouteSpec } from '../http/index.ts';
import { createPreferencesRoutes } from '../preferences/index.ts';
import { createRolesRoutes } from '../roles/index.ts';
import { createSessionsRoutes } from '../sessions/index.ts';
import { createUserImagesRoutes, createUsersRoutes } from '../users/index.ts';
import { stopServer } from './stop-server.ts';

/** Somebody signed in. */
export interface TestPerson {
  readonly user: User;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON. */
  readonly body: unknown;
  /** The body as a refusal; fails the test when it is none. */
  readonly error: ErrorBody;
}

export interface TestApiOptions {
  readonly layer: Pick<DatabaseLayer, 'database' | 'causalities'>;
  /** Where the pictures of users lie. Default: a folder that is made when somebody sets one. */
  readonly fileGround?: FileGround;
  /** Further routes, made from the publisher that the test looks at, and from the users. */
  readonly routes?: (publisher: Publisher, users: UserService) => readonly RouteSpec[];
  /** Takes note of what audited routes and sign-ins do. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** For how long dispensable routes are refused, in seconds. Default: they never are. */
  readonly busySeconds?: () => number;
  /** Is given the sessions behind the routes. */
  readonly onSessions?: (sessions: SessionService) => void;
  /** The time of sessions, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const PASSWORD = 'correct horse battery';
const SETUP_CODE = 'the-code-of-the-log';

/** The API on a real server and a real database, with accounts, sessions and preferences wired as in production. */
export class TestApi {
  readonly base: string;
  readonly routes: readonly RouteSpec[];
  /** What was published, in order. */
  readonly events: OutgoingEvent[];
  readonly sessions: SessionService;
  readonly password = PASSWORD;
  readonly setupCode = SETUP_CODE;
  /** Sessions and users whose sockets had to close. */
  readonly closed: string[];
  readonly settings: ReturnType<typeof wire>['settings'];
  readonly #server: Server;

  constructor(parts: ReturnType<typeof wire>) {
    this.routes = parts.routes;
    this.events = parts.events;
    this.sessions = parts.sessions;
    this.closed = parts.closed;
    this.settings = parts.settings;
    this.#server = parts.server;
    this.base = `http://127.0.0.1:${(parts.server.address() as AddressInfo).port}`;
  }

  async call(
    who: Pick<TestPerson, 'headers'> | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<TestAnswer> {
    const init = { method, headers: { ...who?.headers } };
    const sent = body === undefined ? init : { ...init, body: JSON.stringify(body) };
    const response = await fetch(`${this.base}/api/v4${path}`, sent);
    const parsed: unknown = JSON.parse(await response.text());
    return {
      status: response.status,
      headers: response.headers,
      body: parsed,
      get error() {
        return errorBody.parse(parsed);
      },
    };
  }

  /** Makes an account and signs it in. The first one of a database is its admin. */
  async person(name = 'user'): Promise<TestPerson> {
    const username = `${name}-${newId().slice(0, 8)}`.toLowerCase();
    const email = `${username}@example.com`;
    const made = await this.call(undefined, 'POST', '/users', { email, username, password: PASSWORD });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return this.login(username);
  }

  async login(loginId: string): Promise<TestPerson> {
    const answer = await this.call(undefined, 'POST', '/users/login', { login_id: loginId, password: PASSWORD });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    const token = answer.headers.get('token') ?? '';
    return { user: answer.body as User, token, headers: { authorization: `Bearer ${token}` } };
  }

  stop(): Promise<void> {
    return stopServer(this.#server);
  }
}

export async function startTestApi(options: TestApiOptions): Promise<TestApi> {
  const parts = wire(options);
  await parts.roles.refresh();
  await new Promise<void>((resolve) => parts.server.listen(0, '127.0.0.1', resolve));
  return new TestApi(parts);
}

function wire(options: TestApiOptions) {
  const { layer, routes: further, now = Date.now, fileGround = createTestFiles(), audit = () => undefined } = options;
  const { database, causalities: causality } = layer;
  const events: OutgoingEvent[] = [];
  const publisher: Publisher = { publish: (event) => void events.push(event) };
  const closed: string[] = [];
  const settings = {
    ...{ signUp: true, passwordMin: 8, loginAttempts: 10, showEmail: true, showFullName: true },
    ...{ accessTokens: true, botCreation: true, botsGoWithOwner: true, customEmoji: true },
  };
  const stores = createStores(database);
  const detached = () => causality.detached();
  const roles = new RoleService({ store: stores.roles, publisher, detached, log: silentLogger });
  const sessions = new SessionService({
    store: stores.sessions,
    grants: () => roles.grants(),
    sockets: {
      closeSession: (id) => void closed.push(id),
      closeUser: (id) => void closed.push(id),
      closeEverybody: () => void closed.push('everybody'),
    },
    detached,
    settings: () => ({ lifetimeMs: 86_400_000, cacheMs: 600_000, accessTokens: settings.accessTokens }),
    log: silentLogger,
    audit,
    now,
  });
  options.onSessions?.(sessions);
  const services = createAccountServices({
    stores,
    fileGround,
    sessions,
    publisher,
    causality,
    settings: () => settings,
    setupCode: SETUP_CODE,
    log: silentLogger,
    now,
    audit,
  });
  const routes = [...routesOf(services, sessions, roles), ...(further?.(publisher, services.users) ?? [])];
  const server = createApi({
    routes,
    sessions,
    causality,
    log: silentLogger,
    versionId: () => '5.39.0.test.0.false',
    databaseMode: () => ({ mode: 'normal', reason: '', since: 0 }),
    developer: () => true,
    audit,
    ...(options.busySeconds && { busySeconds: options.busySeconds }),
  });
  return { server, routes, events, sessions, roles, closed, settings };
}

function routesOf(services: AccountServices, sessions: SessionService, roles: RoleService): RouteSpec[] {
  return [
    ...createAccessTokensRoutes(services.extensions),
    ...createBotsRoutes(services.extensions),
    ...createEmojiRoutes(services.extensions),
    ...createUsersRoutes(services),
    ...createUserImagesRoutes(services.userImages),
    ...createSessionsRoutes({ ...services, sessions, secureCookies: () => false }),
    ...createPreferencesRoutes(services.preferences),
    ...createRolesRoutes(roles),
  ];
}
