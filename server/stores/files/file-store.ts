import { bind, type Causality, type Database, statement } from '../../database/index.ts';
import { fileColumns, type FileRow, type StoredFile, toFile } from './file-row.ts';

/** A file before its first byte. */
export interface NewFile {
  readonly id: string;
  readonly creatorId: string;
  readonly createAt: number;
  readonly name: string;
  readonly extension: string;
}

/** What is known of a file when all of its bytes are there. */
export interface FinishedFile {
  readonly id: string;
  readonly channelId: string;
  readonly mimeType: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

export interface FileStore {
  /** Announces a file: from now on its bytes belong to somebody, and are found when nobody wants them any more. */
  begin(causality: Causality, file: NewFile): Promise<void>;
  /** Tells that all bytes of these files are there. Returns those that were not withdrawn meanwhile, in their order. */
  finish(causality: Causality, files: readonly FinishedFile[]): Promise<StoredFile[]>;
  /** Undefined when there is no such file, or not all of it, or it is deleted. */
  byId(causality: Causality, id: string): Promise<StoredFile | undefined>;
  /** Those of the files that this user has uploaded, by id, as the master knows them: a post is about to be made of them. */
  ofCreator(creatorId: string, ids: readonly string[]): Promise<Map<string, StoredFile>>;
  /**
   * Takes files away that hang on no post: nobody can attach them any more. Returns those that were taken, now or before;
   * they are to be followed by `forget` when their bytes are gone.
   */
  withdraw(causality: Causality, ids: readonly string[], at: number): Promise<AbandonedFile[]>;
  /** Files that were made before `before` (ms) and hang on no post, oldest first, at most `limit`. */
  abandoned(before: number, limit: number): Promise<AbandonedFile[]>;
  /** Removes the rows of withdrawn files. */
  forget(causality: Causality, ids: readonly string[]): Promise<void>;
}

export interface AbandonedFile {
  readonly id: string;
  readonly createAt: number;
}

const BEGIN = statement(
  'files.begin',
  (sql) => `INSERT INTO fileinfo (id, creatorid, createat, updateat, name, extension)
    VALUES ($1, $2, $3, $3, $4, $5) ${sql.orIgnore('fileinfo', ['id'])}`,
);
/** A repetition finds the same values. $1 file, then channel, type, size, width, height. */
const FINISH = statement(
  'files.finish',
  `UPDATE fileinfo SET channelid = $2, mimetype = $3, size = $4, width = $5, height = $6
   WHERE id = $1 AND postid = '' AND deleteat = 0`,
);
const BY_ID = statement(
  'files.by_id',
  `SELECT ${fileColumns} FROM fileinfo f WHERE f.id = $1 AND f.deleteat = 0 AND f.size >= 0`,
);
/** $1 JSON list of `{id}`. */
const BY_IDS = statement(
  'files.by_ids',
  (sql) => `SELECT ${fileColumns} FROM ${sql.rows('$1', { id: 'key' }, 'i')} JOIN fileinfo f ON f.id = i.id
    WHERE f.deleteat = 0 AND f.size >= 0`,
);
/** $1 JSON list of `{id}`, $2 the creator. */
const OF_CREATOR = statement(
  'files.of_creator',
  (sql) => `SELECT ${fileColumns} FROM ${sql.rows('$1', { id: 'key' }, 'i')} JOIN fileinfo f ON f.id = i.id
    WHERE f.creatorid = $2 AND f.deleteat = 0 AND f.size >= 0`,
);
/** $1 file, $2 time. */
const WITHDRAW = statement(
  'files.withdraw',
  `UPDATE fileinfo SET deleteat = $2 WHERE id = $1 AND postid = '' AND deleteat = 0`,
);
/** $1 JSON list of `{id}`. */
const WITHDRAWN = statement(
  'files.withdrawn',
  (sql) => `SELECT f.id, f.createat FROM ${sql.rows('$1', { id: 'key' }, 'i')} JOIN fileinfo f ON f.id = i.id
    WHERE f.postid = '' AND f.deleteat > 0`,
);
/** Uses ix_fileinfo_postid. $1 time, $2 limit. */
const ABANDONED = statement(
  'files.abandoned',
  `SELECT f.id, f.createat FROM fileinfo f WHERE f.postid = '' AND f.createat < $1 ORDER BY f.createat LIMIT $2`,
);
const FORGET = statement('files.forget', `DELETE FROM fileinfo WHERE id = $1 AND postid = '' AND deleteat > 0`);

const repeatable = { onUnknown: 'repeatable' } as const;
const listOf = (ids: readonly string[]): string => JSON.stringify(ids.map((id) => ({ id })));

const bindFinish = (file: FinishedFile) =>
  bind(FINISH, file.id, file.channelId, file.mimeType, file.size, file.width, file.height);

export function createFileStore(database: Database): FileStore {
  return {
    async begin(causality, { id, creatorId, createAt, name, extension }) {
      await database.write(causality, bind(BEGIN, id, creatorId, createAt, name, extension), repeatable);
    },
    async finish(causality, files) {
      const ids = files.map((file) => file.id);
      const statements = [...files.map(bindFinish), bind(BY_IDS, listOf(ids))];
      const rows = ((await database.writeAll(causality, statements, repeatable)).at(-1) ?? []) as FileRow[];
      const byId = new Map(rows.map((row) => [row.id, toFile(row)]));
      return ids.map((id) => byId.get(id)).filter((file) => file !== undefined);
    },
    async byId(causality, id) {
      const [row] = await database.read<FileRow>(causality, BY_ID, id);
      return row && toFile(row);
    },
    async ofCreator(creatorId, ids) {
      const rows = await database.readLatest<FileRow>(OF_CREATOR, listOf(ids), creatorId);
      return new Map(rows.map((row) => [row.id, toFile(row)]));
    },
    ...abandonment(database),
  };
}

function abandonment(database: Database): Pick<FileStore, 'withdraw' | 'abandoned' | 'forget'> {
  interface AbandonedRow extends Record<string, unknown> {
    readonly id: string;
    readonly createat: number;
  }
  const toAbandoned = ({ id, createat }: AbandonedRow): AbandonedFile => ({ id, createAt: createat });
  return {
    async withdraw(causality, ids, at) {
      if (ids.length === 0) return [];
      const statements = [...ids.map((id) => bind(WITHDRAW, id, at)), bind(WITHDRAWN, listOf(ids))];
      const rows = (await database.writeAll(causality, statements, repeatable)).at(-1) as AbandonedRow[];
      return rows.map(toAbandoned);
    },
    async abandoned(before, limit) {
      return (await database.readLatest<AbandonedRow>(ABANDONED, before, limit)).map(toAbandoned);
    },
    async forget(causality, ids) {
      if (ids.length === 0) return;
      const statements = ids.map((id) => bind(FORGET, id));
      await database.writeAll(causality, statements, repeatable);
    },
  };
}
