import type { AccessToken } from '../../../contract/index.ts';
import type { AccessTokenStore, TokenPage } from '../../stores/access-tokens/index.ts';
import type { BotStore } from '../../stores/bots/index.ts';
import type { FullUser } from '../../stores/users/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import { mayManageBot } from '../bots/index.ts';
import { may, mayEditUser, type Permission } from '../permissions/index.ts';
import { hashOf, type SessionService } from '../sessions/index.ts';
import type { UserService } from '../users/index.ts';

export interface AccessTokenServiceDeps {
  readonly tokens: AccessTokenStore;
  readonly bots: Pick<BotStore, 'byId'>;
  readonly users: Pick<UserService, 'existing'>;
  readonly sessions: SessionService;
  readonly settings: () => { readonly accessTokens: boolean };
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const SEARCH_MAX = 200;
const forbidden = () => new AppError('api.context.permissions.app_error');

/** Personal access tokens: by them programs act for a user, or as a bot. How they are sessions is in `SessionService`. */
export class AccessTokenService {
  readonly #deps: AccessTokenServiceDeps;
  readonly #now: () => number;

  constructor(deps: AccessTokenServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Makes a token. Its answer is the only place where it is ever seen. */
  async create(
    caller: Caller,
    userId: string,
    request: { readonly description: string; readonly expires_at: number },
  ): Promise<AccessToken> {
    if (!may(caller, 'create_user_access_token')) throw forbidden();
    const user = await this.#deps.users.existing(caller, userId);
    await this.#requireReach(caller, user);
    if (user.is_bot !== true && !this.#deps.settings().accessTokens) {
      throw new AppError('app.user_access_token.disabled');
    }
    const { description, expires_at: expiresAt } = request;
    const now = this.#now();
    if (expiresAt !== 0 && expiresAt <= now) {
      throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'expires_at' } });
    }
    const [id, token] = [newId(), newId()];
    const row = { id, tokenHash: hashOf(token), userId, description, createAt: now, expiresAt };
    await this.#deps.tokens.insert(caller.causality, row);
    const ending = expiresAt === 0 ? {} : { expires_at: expiresAt };
    return { id, token, user_id: userId, description, is_active: true, ...ending };
  }

  async get(caller: Caller, id: string): Promise<AccessToken> {
    return this.#reachable(caller, id, 'read_user_access_token');
  }

  async ofUser(caller: Caller, userId: string, page: TokenPage): Promise<AccessToken[]> {
    if (!may(caller, 'read_user_access_token')) throw forbidden();
    await this.#requireReach(caller, await this.#deps.users.existing(caller, userId));
    return this.#deps.tokens.ofUser(caller.causality, userId, page);
  }

  /** Everybody's; for system admins. */
  async list(caller: Caller, page: TokenPage): Promise<AccessToken[]> {
    if (!may(caller, 'manage_system')) throw forbidden();
    return this.#deps.tokens.list(caller.causality, page);
  }

  /** The same for those that the term finds. */
  async search(caller: Caller, term: string): Promise<AccessToken[]> {
    if (!may(caller, 'manage_system')) throw forbidden();
    return this.#deps.tokens.search(term, SEARCH_MAX);
  }

  async enable(caller: Caller, id: string): Promise<void> {
    await this.#reachable(caller, id, 'create_user_access_token');
    await this.#deps.tokens.setActive(caller.causality, id, true);
  }

  /** Who uses it is out at once, sockets included; it can be enabled again. */
  async disable(caller: Caller, id: string): Promise<void> {
    await this.#reachable(caller, id, 'revoke_user_access_token');
    await this.#deps.tokens.setActive(caller.causality, id, false);
    this.#deps.sessions.accessTokenEnded(id);
  }

  /** The same for ever. */
  async revoke(caller: Caller, id: string): Promise<void> {
    await this.#reachable(caller, id, 'revoke_user_access_token');
    await this.#deps.tokens.remove(caller.causality, id);
    this.#deps.sessions.accessTokenEnded(id);
  }

  /** @throws AppError 403, or 404 when there is no such token. */
  async #reachable(caller: Caller, id: string, permission: Permission): Promise<AccessToken> {
    if (!may(caller, permission)) throw forbidden();
    const token = await this.#deps.tokens.byId(id);
    if (token === undefined) throw new AppError('app.user_access_token.get_by_user.app_error');
    await this.#requireReach(caller, await this.#deps.users.existing(caller, token.user_id));
    return token;
  }

  /** Oneself, accounts that one may change, and bots that one manages; but nobody becomes an admin by a token. */
  async #requireReach(caller: Caller, user: FullUser): Promise<void> {
    if (user.id === caller.userId) return;
    if (user.roles.split(' ').includes('system_admin') && !may(caller, 'manage_system')) throw forbidden();
    if (mayEditUser(caller, user.id)) return;
    const bot = user.is_bot === true ? await this.#deps.bots.byId(caller.causality, user.id) : undefined;
    if (bot === undefined || !mayManageBot(caller, bot)) throw forbidden();
  }
}
