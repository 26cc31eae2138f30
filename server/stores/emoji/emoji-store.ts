import type { Emoji } from '../../../contract/index.ts';
import { bind, type Causality, type Database, type Row, type SqlVocabulary, statement } from '../../database/index.ts';
import { insertOnce } from '../insert-once.ts';
import { likeText } from '../like-text.ts';

/** The unique index that refuses a second emoji of a name. */
export const emojiNameKey = 'emoji_name_key';

export interface NewEmoji {
  readonly id: string;
  readonly createAt: number;
  readonly creatorId: string;
  readonly name: string;
}

/** Emoji that people have made. Deleted ones are found nowhere, and their names are free again. */
export interface EmojiStore {
  /** Keeps a new emoji; keeping it again changes nothing. Throws `unique` with `emojiNameKey`. */
  insert(causality: Causality, emoji: NewEmoji): Promise<Emoji>;
  byId(causality: Causality, id: string): Promise<Emoji | undefined>;
  byName(causality: Causality, name: string): Promise<Emoji | undefined>;
  /** Whether the name is free, as the master knows it. */
  isFree(name: string): Promise<boolean>;
  /** Those of the names that exist, by name. */
  byNames(causality: Causality, names: readonly string[]): Promise<Emoji[]>;
  /** By name, or the newest first. */
  list(causality: Causality, page: { limit: number; offset: number; byName: boolean }): Promise<Emoji[]>;
  /** Names that begin with the term, or contain it, whatever their case; by name; may lag behind. */
  search(term: string, options: { prefixOnly: boolean; limit: number }): Promise<Emoji[]>;
  /** Deleting again changes nothing. */
  delete(causality: Causality, id: string, now: number): Promise<void>;
}

interface EmojiRow extends Row {
  readonly id: string;
  readonly createat: number;
  readonly updateat: number;
  readonly deleteat: number;
  readonly creatorid: string;
  readonly name: string;
}

const select = (name: string, rest: string | ((sql: SqlVocabulary) => string)) =>
  statement(
    name,
    (sql) => `SELECT e.id, e.createat, e.updateat, e.deleteat, e.creatorid, e.name FROM emoji e
      ${typeof rest === 'string' ? rest : rest(sql)}`,
  );

const INSERT = statement('emoji.insert', (sql) =>
  insertOnce(sql, 'emoji', 'id, createat, updateat, creatorid, name', '$1, $2, $2, $3, $4'),
);
const KEPT = select('emoji.kept', 'WHERE e.id = $1');
const BY_ID = select('emoji.by_id', 'WHERE e.id = $1 AND e.deleteat = 0');
const BY_NAME = select('emoji.by_name', 'WHERE e.name = $1 AND e.deleteat = 0');
const BY_NAMES = select(
  'emoji.by_names',
  (sql) => `JOIN ${sql.rows('$1', { name: 'key' }, 'r')} ON r.name = e.name WHERE e.deleteat = 0 ORDER BY e.name`,
);
const LIST_NEWEST = select(
  'emoji.list_newest',
  'WHERE e.deleteat = 0 ORDER BY e.createat DESC, e.id LIMIT $1 OFFSET $2',
);
const LIST_BY_NAME = select('emoji.list_by_name', 'WHERE e.deleteat = 0 ORDER BY e.name LIMIT $1 OFFSET $2');
/** There are few emoji: they are looked through. $1 the pattern. */
const SEARCH = select('emoji.search', 'WHERE e.deleteat = 0 AND lower(e.name) LIKE lower($1) ORDER BY e.name LIMIT $2');
const DELETE = statement(
  'emoji.delete',
  'UPDATE emoji SET deleteat = $2, updateat = $2 WHERE id = $1 AND deleteat = 0',
);

const repeatable = { onUnknown: 'repeatable' } as const;

export function createEmojiStore(database: Database): EmojiStore {
  return {
    async insert(causality, { id, createAt, creatorId, name }) {
      const insert = bind(INSERT, id, createAt, creatorId, name);
      const answers = await database.writeAll(causality, [insert, bind(KEPT, id)], repeatable);
      return emojiOf(answers.at(-1)?.[0] as EmojiRow);
    },
    byId: async (causality, id) => (await database.read<EmojiRow>(causality, BY_ID, id)).map(emojiOf)[0],
    byName: async (causality, name) => (await database.read<EmojiRow>(causality, BY_NAME, name)).map(emojiOf)[0],
    isFree: async (name) => (await database.readLatest(BY_NAME, name)).length === 0,
    async byNames(causality, names) {
      const wanted = JSON.stringify([...new Set(names)].map((name) => ({ name })));
      return (await database.read<EmojiRow>(causality, BY_NAMES, wanted)).map(emojiOf);
    },
    async list(causality, { limit, offset, byName }) {
      const statement = byName ? LIST_BY_NAME : LIST_NEWEST;
      return (await database.read<EmojiRow>(causality, statement, limit, offset)).map(emojiOf);
    },
    async search(term, { prefixOnly, limit }) {
      const pattern = `${prefixOnly ? '' : '%'}${likeText(term)}%`;
      return (await database.readStale<EmojiRow>(SEARCH, pattern, limit)).map(emojiOf);
    },
    async delete(causality, id, now) {
      await database.write(causality, bind(DELETE, id, now), repeatable);
    },
  };
}

function emojiOf(row: EmojiRow): Emoji {
  return {
    id: row.id,
    create_at: row.createat,
    update_at: row.updateat,
    delete_at: row.deleteat,
    creator_id: row.creatorid,
    name: row.name,
  };
}
