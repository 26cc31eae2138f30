import { type Database, type Row, statement } from '../../database/index.ts';

interface StoredRow extends Row {
  readonly pendingpostid: string;
}

/** $1 JSON list of `{pendingpostid}`, $2 the author. By the unique index on author and pending id. */
const STORED = statement(
  'posts.stored',
  (sql) => `
  SELECT p.pendingpostid
  FROM ${sql.rows('$1', { pendingpostid: 'text' }, 'i')}
  JOIN posts p ON p.userid = $2 AND p.pendingpostid = i.pendingpostid AND p.pendingpostid <> ''`,
);

export interface StoredPosts {
  /**
   * Which of the pending ids of this author's posts the master has, deleted posts included: the one question that a
   * replica, which may be behind, cannot answer.
   */
  stored(userId: string, pendingIds: readonly string[]): Promise<string[]>;
}

export function createStoredPosts(database: Pick<Database, 'readLatest'>): StoredPosts {
  return {
    async stored(userId, pendingIds) {
      const list = JSON.stringify(pendingIds.map((id) => ({ pendingpostid: id })));
      const rows = await database.readLatest<StoredRow>(STORED, list, userId);
      return rows.map((row) => row.pendingpostid);
    },
  };
}
