import type { Bot, NewBotRequest, PatchBotRequest } from '../../../contract/index.ts';
import type { BotStore, StoredBot } from '../../stores/bots/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import { may } from '../permissions/index.ts';
import type { SessionService } from '../sessions/index.ts';
import { checkUsername, defaultNotifyProps, refuseTaken, type UserService } from '../users/index.ts';
import { mayManageBot, mayReadBot } from './bot-rights.ts';

export interface BotServiceDeps {
  readonly bots: BotStore;
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly publisher: Publisher;
  readonly settings: () => { readonly botCreation: boolean };
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const forbidden = () => new AppError('api.context.permissions.app_error');
const missing = () => new AppError('store.sql_bot.get.missing.app_error');

/** Bots: accounts that somebody owns, and that act by access tokens. */
export class BotService {
  readonly #deps: BotServiceDeps;
  readonly #now: () => number;

  constructor(deps: BotServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Makes a bot of the caller's. Bots make no bots. */
  async create(caller: Caller, request: NewBotRequest): Promise<Bot> {
    if (!may(caller, 'create_bot') || (await this.#find(caller, caller.userId)) !== undefined) throw forbidden();
    if (!this.#deps.settings().botCreation) throw new AppError('api.bot.create_disabled');
    checkUsername(request.username);
    const bot = {
      id: newId(),
      createAt: this.#now(),
      username: request.username,
      displayName: request.display_name,
      description: request.description,
      ownerId: caller.userId,
      notifyProps: defaultNotifyProps,
    };
    const made = await refuseTaken(this.#deps.bots.insert(caller.causality, bot));
    const { token } = caller.causality;
    this.#deps.publisher.publish({ event: 'new_user', data: { user_id: bot.id }, to: {}, token });
    return presentBot(made);
  }

  async get(caller: Caller, id: string, includeDeleted: boolean): Promise<Bot> {
    const bot = await this.#find(caller, id);
    if (bot === undefined || !mayReadBot(caller, bot)) throw missing();
    if (bot.user.delete_at > 0 && !includeDeleted) throw missing();
    return presentBot(bot);
  }

  /** Everybody's, or only one's own, as far as the caller may read them. */
  async list(
    caller: Caller,
    filter: { readonly includeDeleted: boolean; readonly onlyOrphaned: boolean },
    page: { readonly limit: number; readonly offset: number },
  ): Promise<Bot[]> {
    const readsAll = may(caller, 'read_others_bots');
    if (!readsAll && !may(caller, 'read_bots')) throw forbidden();
    const ownerId = readsAll ? undefined : caller.userId;
    return (await this.#deps.bots.list(caller.causality, { ...filter, ownerId }, page)).map(presentBot);
  }

  async patch(caller: Caller, id: string, patch: PatchBotRequest): Promise<Bot> {
    await this.#managed(caller, id);
    if (patch.username !== undefined) checkUsername(patch.username);
    return this.#told(caller, await refuseTaken(this.#deps.bots.patch(caller.causality, id, patch, this.#now())));
  }

  /** A disabled bot keeps its tokens, and they are good for nothing until it is enabled again. */
  async setActive(caller: Caller, id: string, active: boolean): Promise<Bot> {
    const { user } = await this.#managed(caller, id);
    await this.#deps.users.changeActive(caller, [user], active);
    const bot = await this.#find(caller, id);
    if (bot === undefined) throw missing();
    return presentBot(bot);
  }

  /** Gives a bot to somebody else, who must not be a bot. */
  async assign(caller: Caller, id: string, ownerId: string): Promise<Bot> {
    await this.#managed(caller, id);
    const owner = await this.#deps.users.existing(caller, ownerId);
    if (owner.is_bot === true) throw forbidden();
    return this.#told(caller, await this.#deps.bots.setOwner(caller.causality, id, ownerId, this.#now()));
  }

  /** Makes an account a bot that owns itself: nobody can sign in to it any more. For system admins. */
  async convert(caller: Caller, userId: string): Promise<Bot> {
    if (!may(caller, 'manage_system')) throw forbidden();
    await this.#deps.users.keepAnAdmin(await this.#deps.users.existing(caller, userId));
    const bot = await this.#deps.bots.convert(caller.causality, userId, this.#now());
    this.#deps.sessions.userEnded(userId);
    return this.#told(caller, bot);
  }

  #find(caller: Caller, id: string): Promise<StoredBot | undefined> {
    return this.#deps.bots.byId(caller.causality, id);
  }

  /** @throws AppError 404 also for a bot that the caller may not even see. */
  async #managed(caller: Caller, id: string): Promise<StoredBot> {
    const bot = await this.#find(caller, id);
    if (bot === undefined) throw missing();
    if (mayManageBot(caller, bot)) return bot;
    throw mayReadBot(caller, bot) ? forbidden() : missing();
  }

  #told(caller: Caller, bot: StoredBot | undefined): Bot {
    if (bot === undefined) throw missing();
    this.#deps.users.tellUpdated(caller, bot.user);
    return presentBot(bot);
  }
}

/** A bot as the API shows it. */
function presentBot({ user, ownerId }: StoredBot): Bot {
  return {
    user_id: user.id,
    username: user.username,
    display_name: user.first_name,
    description: user.bot_description ?? '',
    owner_id: ownerId,
    create_at: user.create_at,
    update_at: user.update_at,
    delete_at: user.delete_at,
  };
}
