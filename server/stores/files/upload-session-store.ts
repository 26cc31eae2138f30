import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';

/** A file that comes in pieces. How much of it is there, the storage knows. */
export interface StoredUpload {
  readonly id: string;
  /** The id of the file that it becomes. */
  readonly fileId: string;
  readonly createAt: number;
  readonly userId: string;
  readonly channelId: string;
  readonly filename: string;
  /** In bytes. */
  readonly fileSize: number;
}

export interface UploadSessionStore {
  add(causality: Causality, upload: StoredUpload): Promise<void>;
  byId(causality: Causality, id: string): Promise<StoredUpload | undefined>;
  /** Those that were made before `before` (ms), oldest first, at most `limit`. */
  stale(before: number, limit: number): Promise<StoredUpload[]>;
  remove(causality: Causality, ids: readonly string[]): Promise<void>;
}

interface UploadRow extends Row {
  readonly id: string;
  readonly fileid: string;
  readonly createat: number;
  readonly userid: string;
  readonly channelid: string;
  readonly filename: string;
  readonly filesize: number;
}

const columns = 'id, fileid, createat, userid, channelid, filename, filesize';
const ADD = statement(
  'uploads.add',
  (sql) => `INSERT INTO uploadsessions (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ${sql.orIgnore('uploadsessions', ['id'])}`,
);
const BY_ID = statement('uploads.by_id', `SELECT ${columns} FROM uploadsessions WHERE id = $1`);
/** Uses ix_uploadsessions_createat. */
const STALE = statement(
  'uploads.stale',
  `SELECT ${columns} FROM uploadsessions WHERE createat < $1 ORDER BY createat LIMIT $2`,
);
const REMOVE = statement('uploads.remove', 'DELETE FROM uploadsessions WHERE id = $1');

const repeatable = { onUnknown: 'repeatable' } as const;

export function createUploadSessionStore(database: Database): UploadSessionStore {
  return {
    async add(causality, { id, fileId, createAt, userId, channelId, filename, fileSize }) {
      await database.write(
        causality,
        bind(ADD, id, fileId, createAt, userId, channelId, filename, fileSize),
        repeatable,
      );
    },
    async byId(causality, id) {
      const [row] = await database.read<UploadRow>(causality, BY_ID, id);
      return row && toUpload(row);
    },
    stale: async (before, limit) => (await database.readLatest<UploadRow>(STALE, before, limit)).map(toUpload),
    async remove(causality, ids) {
      if (ids.length === 0) return;
      const statements = ids.map((id) => bind(REMOVE, id));
      await database.writeAll(causality, statements, repeatable);
    },
  };
}

function toUpload(row: UploadRow): StoredUpload {
  return {
    id: row.id,
    fileId: row.fileid,
    createAt: row.createat,
    userId: row.userid,
    channelId: row.channelid,
    filename: row.filename,
    fileSize: row.filesize,
  };
}
