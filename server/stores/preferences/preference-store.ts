import type { Preference } from '../../../contract/index.ts';
import { bind, type Causality, type Database, statement } from '../../database/index.ts';
import { followFavorites } from '../sidebar/index.ts';

/** Names one preference of a user. */
export interface PreferenceKey {
  readonly category: string;
  readonly name: string;
}

type PreferenceRow = { user_id: string; category: string; name: string; value: string };

const SELECT = 'SELECT userid AS user_id, category, name, value FROM preferences WHERE userid = $1';

const OF_USER = statement('preferences.of_user', `${SELECT} ORDER BY category, name`);
const OF_CATEGORY = statement('preferences.of_category', `${SELECT} AND category = $2 ORDER BY name`);
const ONE = statement('preferences.one', `${SELECT} AND category = $2 AND name = $3`);
// Rows are written in the order of their key, so that two writers of the same rows wait instead of deadlocking.
const SAVE = statement(
  'preferences.save',
  (sql) => `INSERT INTO preferences (userid, category, name, value)
    SELECT $1, r.category, r.name, r.value
    FROM ${sql.rows('$2', { category: 'text', name: 'text', value: 'text' }, 'r')}
    ORDER BY r.category, r.name
    ${sql.orUpdate(['userid', 'category', 'name'], ['value'])}`,
);
const REMOVE = statement(
  'preferences.remove',
  (sql) => `DELETE FROM preferences WHERE userid = $1 AND (category, name) IN
    (SELECT r.category, r.name FROM ${sql.rows('$2', { category: 'text', name: 'text' }, 'r')})`,
);

/** Channels that are favourites have a preference of this category with the value `true`; its name is the channel's id. */
export const FAVORITES = 'favorite_channel';

const REPEATABLE = { onUnknown: 'repeatable' } as const;

/** Keeps the small settings of each user. Every method throws `DatabaseError` only. */
export class PreferenceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  ofUser(causality: Causality, userId: string): Promise<Preference[]> {
    return this.#database.read<PreferenceRow>(causality, OF_USER, userId);
  }

  ofCategory(causality: Causality, userId: string, category: string): Promise<Preference[]> {
    return this.#database.read<PreferenceRow>(causality, OF_CATEGORY, userId, category);
  }

  async one(causality: Causality, userId: string, key: PreferenceKey): Promise<Preference | undefined> {
    return (await this.#database.read<PreferenceRow>(causality, ONE, userId, key.category, key.name))[0];
  }

  /** Sets values; of two for the same key the last one counts. The sidebar follows what becomes a favourite. */
  async save(causality: Causality, userId: string, preferences: readonly Omit<Preference, 'user_id'>[]): Promise<void> {
    const byKey = new Map(preferences.map((p) => [`${p.category}\n${p.name}`, p]));
    const rows = [...byKey.values()].map(({ category, name, value }) => ({ category, name, value }));
    const favorites = rows.filter(isFavorite).map(({ name, value }) => ({ id: name, isFavorite: value === 'true' }));
    const save = bind(SAVE, userId, JSON.stringify(rows));
    await this.#database.writeAll(causality, [...followFavorites(userId, favorites), save], REPEATABLE);
  }

  async remove(causality: Causality, userId: string, keys: readonly PreferenceKey[]): Promise<void> {
    const rows = keys.map(({ category, name }) => ({ category, name }));
    const favorites = rows.filter(isFavorite).map(({ name }) => ({ id: name, isFavorite: false }));
    const remove = bind(REMOVE, userId, JSON.stringify(rows));
    await this.#database.writeAll(causality, [...followFavorites(userId, favorites), remove], REPEATABLE);
  }
}

const isFavorite = ({ category }: PreferenceKey): boolean => category === FAVORITES;

export function createPreferenceStore(database: Database): PreferenceStore {
  return new PreferenceStore(database);
}
