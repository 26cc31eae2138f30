import type { Preference } from '../../../contract/index.ts';
import { FAVORITES, type PreferenceKey, type PreferenceStore } from '../../stores/preferences/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import { mayEditUser } from '../permissions/index.ts';

export interface PreferenceServiceDeps {
  readonly preferences: PreferenceStore;
  readonly publisher: Publisher;
}

/** The small settings that clients keep per user: of oneself, or of others with the right to edit them. */
export class PreferenceService {
  readonly #deps: PreferenceServiceDeps;

  constructor(deps: PreferenceServiceDeps) {
    this.#deps = deps;
  }

  async all(caller: Caller, userId: string): Promise<Preference[]> {
    check(caller, userId);
    return this.#deps.preferences.ofUser(caller.causality, userId);
  }

  /** Those of one category. An empty category is "not found", as in Mattermost. */
  async ofCategory(caller: Caller, userId: string, category: string): Promise<Preference[]> {
    const found = await this.ofCategoryOrNone(caller, userId, category);
    if (found.length === 0) throw new AppError('api.preference.not_found.app_error');
    return found;
  }

  async ofCategoryOrNone(caller: Caller, userId: string, category: string): Promise<Preference[]> {
    check(caller, userId);
    return this.#deps.preferences.ofCategory(caller.causality, userId, category);
  }

  async one(caller: Caller, userId: string, key: PreferenceKey): Promise<Preference> {
    check(caller, userId);
    const found = await this.#deps.preferences.one(caller.causality, userId, key);
    if (found === undefined) throw new AppError('api.preference.not_found.app_error');
    return found;
  }

  async save(caller: Caller, userId: string, preferences: readonly Preference[]): Promise<void> {
    check(caller, userId, preferences);
    await this.#deps.preferences.save(caller.causality, userId, preferences);
    this.#tell(caller, userId, 'preferences_changed', preferences);
  }

  async remove(caller: Caller, userId: string, keys: readonly Omit<Preference, 'value'>[]): Promise<void> {
    check(caller, userId, keys);
    await this.#deps.preferences.remove(caller.causality, userId, keys);
    this.#tell(caller, userId, 'preferences_deleted', keys);
  }

  #tell(
    caller: Caller,
    userId: string,
    event: 'preferences_changed' | 'preferences_deleted',
    preferences: readonly Omit<Preference, 'value'>[],
  ): void {
    const data = { preferences: JSON.stringify(preferences) };
    const { publisher } = this.#deps;
    const { token } = caller.causality;
    publisher.publish({ event, data, to: { user_id: userId }, token });
    if (preferences.every(({ category }) => category !== FAVORITES)) return;
    // The sidebars of one or of all teams have changed with it: as in Mattermost, the client reads them anew.
    publisher.publish({ event: 'sidebar_category_updated', data: {}, to: { user_id: userId }, token });
  }
}

function check(caller: Caller, userId: string, preferences: readonly Omit<Preference, 'value'>[] = []): void {
  const isForeign = preferences.some((preference) => preference.user_id !== userId);
  if (isForeign || !mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
}
