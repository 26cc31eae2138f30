import { type CustomStatus, customStatus } from '../../../contract/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { mayEditUser } from '../permissions/index.ts';
import type { PreferenceService } from '../preferences/index.ts';
import type { FullUser } from '../../stores/users/index.ts';
import { CUSTOM_STATUS } from './present-user.ts';
import type { UserService } from './user-service.ts';

export interface CustomStatusServiceDeps {
  readonly users: Pick<UserService, 'byId' | 'patch'>;
  readonly preferences: Pick<PreferenceService, 'ofCategoryOrNone' | 'save'>;
}

/** Where Mattermost's clients look for what was set lately. */
const RECENT = { category: 'custom_status', name: 'recent_custom_statuses' } as const;
const RECENT_MAX = 5;
const DEFAULT_EMOJI = 'speech_balloon';

/** What users say of themselves; a property of the user, so that everybody who sees the user sees it. */
export class CustomStatusService {
  readonly #deps: CustomStatusServiceDeps;

  constructor(deps: CustomStatusServiceDeps) {
    this.#deps = deps;
  }

  /** Sets it, and remembers it among the recent ones. */
  async set(caller: Caller, userId: string, status: CustomStatus): Promise<void> {
    const kept = { ...status, emoji: status.emoji || DEFAULT_EMOJI };
    await this.#change(caller, userId, (props) => ({ ...props, [CUSTOM_STATUS]: JSON.stringify(kept) }));
    const others = (await this.#recent(caller, userId)).filter((recent) => !isSame(recent, kept));
    await this.#saveRecent(caller, userId, [kept, ...others].slice(0, RECENT_MAX));
  }

  /** Empty, not absent, as in Mattermost: clients lay a changed user over the one that they know. */
  async clear(caller: Caller, userId: string): Promise<void> {
    await this.#change(caller, userId, (props) => ({ ...props, [CUSTOM_STATUS]: '' }));
  }

  /** Forgets one of the recent ones. */
  async forget(caller: Caller, userId: string, status: CustomStatus): Promise<void> {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    const recent = await this.#recent(caller, userId);
    const left = recent.filter((each) => !isSame(each, status));
    if (left.length === recent.length) {
      throw new AppError('api.custom_status.recent_custom_statuses.delete.app_error');
    }
    await this.#saveRecent(caller, userId, left);
  }

  async #change(caller: Caller, userId: string, change: (props: FullUser['props']) => FullUser['props']) {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    const { props = {} } = await this.#deps.users.byId(caller, userId);
    await this.#deps.users.patch(caller, userId, { props: change(props) });
  }

  async #recent(caller: Caller, userId: string): Promise<CustomStatus[]> {
    const found = await this.#deps.preferences.ofCategoryOrNone(caller, userId, RECENT.category);
    return listOf(found.find(({ name }) => name === RECENT.name)?.value ?? '[]');
  }

  async #saveRecent(caller: Caller, userId: string, recent: readonly CustomStatus[]): Promise<void> {
    const preference = { user_id: userId, ...RECENT, value: JSON.stringify(recent) };
    await this.#deps.preferences.save(caller, userId, [preference]);
  }
}

const isSame = (a: CustomStatus, b: CustomStatus): boolean => a.text === b.text && a.emoji === b.emoji;

/** Clients may write any text into a preference. */
function listOf(text: string): CustomStatus[] {
  try {
    return customStatus.array().parse(JSON.parse(text));
  } catch {
    return [];
  }
}
