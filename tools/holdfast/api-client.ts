import { type Channel, type Post, type Team, tokenHeader, type User } from '../../contract/index.ts';

/** What the server answered instead of what was asked for. */
export class RefusedRequest extends Error {
  readonly status: number;
  readonly id: string;
  constructor(what: string, status: number, body: { readonly id?: string; readonly message?: string }) {
    super(`${what}: ${status} ${body.id ?? ''} ${body.message ?? ''}`);
    this.name = 'RefusedRequest';
    this.status = status;
    this.id = body.id ?? '';
  }
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** One account of every story; the name tells who is meant. */
export function account(username: string): Account {
  return { username, password: `${username}-Passw0rd!` };
}

/** One signed-in user of the API, as a bot would be: it prepares what a story needs and posts under load. */
export class ApiClient {
  readonly #url: string;
  /** For clients that build their requests themselves. */
  readonly token: string;
  readonly user: User;

  private constructor(url: string, token: string, user: User) {
    this.#url = url;
    this.token = token;
    this.user = user;
  }

  /** Creates the account (the first one becomes system admin) and signs in. */
  static async signUp(url: string, { username, password }: Account): Promise<ApiClient> {
    await send(url, 'POST', '/users', { body: { username, password, email: `${username}@example.org` } });
    return ApiClient.signIn(url, { username, password });
  }

  static async signIn(url: string, { username, password }: Account): Promise<ApiClient> {
    const response = await send(url, 'POST', '/users/login', { body: { login_id: username, password } });
    const token = response.headers.get('token');
    if (token === null) throw new Error(`The login of ${username} gave no token.`);
    return new ApiClient(url, token, (await response.json()) as User);
  }

  createTeam(name: string): Promise<Team> {
    return this.#call('POST', '/teams', { name, display_name: name, type: 'O', allow_open_invite: true });
  }

  async joinTeam(teamId: string): Promise<void> {
    await this.#call('POST', `/teams/${teamId}/members`, { team_id: teamId, user_id: this.user.id });
  }

  createChannel(teamId: string, name: string): Promise<Channel> {
    return this.#call('POST', '/channels', { team_id: teamId, name, display_name: name, type: 'O' });
  }

  async joinChannel(channelId: string): Promise<void> {
    await this.#call('POST', `/channels/${channelId}/members`, { user_id: this.user.id });
  }

  channelByName(teamId: string, name: string): Promise<Channel> {
    return this.#call('GET', `/teams/${teamId}/channels/name/${name}`);
  }

  /** @param pendingPostId the client's own id of this message: a repeat with the same id gives the stored post. */
  post(channelId: string, message: string, pendingPostId = ''): Promise<Post> {
    return this.#call('POST', '/posts', { channel_id: channelId, message, pending_post_id: pendingPostId });
  }

  /** @param seen the causal token of the event that made the client ask: the answer is at least as new */
  async get<Answer>(path: string, seen?: string): Promise<Answer> {
    const response = await send(this.#url, 'GET', path, { token: this.token, seen });
    return (await response.json()) as Answer;
  }

  /** What an admin's button does: `/config/reload`, `/database/recycle`, ... */
  send<Answer>(path: string, body?: unknown): Promise<Answer> {
    return this.#call('POST', path, body);
  }

  /** Makes another user a system admin; for an admin. */
  async makeAdmin(userId: string): Promise<void> {
    await this.#call('PUT', `/users/${userId}/roles`, { roles: 'system_user system_admin' });
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await send(this.#url, method, path, { body, token: this.token });
    return (await response.json()) as Answer;
  }
}

async function send(
  url: string,
  method: string,
  path: string,
  { body, token, seen }: { readonly body?: unknown; readonly token?: string; readonly seen?: string | undefined },
): Promise<Response> {
  const response = await fetch(`${url}/api/v4${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(seen === undefined ? {} : { [tokenHeader]: seen }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new RefusedRequest(`${method} ${path}`, response.status, await readError(response));
  return response;
}

async function readError(response: Response): Promise<{ id?: string; message?: string }> {
  try {
    return (await response.json()) as { id?: string; message?: string };
  } catch {
    return { message: 'The answer is no JSON.' };
  }
}
