import { type BoundStatement, bind, statement } from '../../database/index.ts';

/** What to change; whatever is absent stays. */
export interface PostPatch {
  readonly message?: string;
  /** The hashtags of `message`. */
  readonly hashtags?: string;
  /** JSON object as text. */
  readonly props?: string;
  readonly isPinned?: boolean;
}

/** A change with its place, its time and, when the files change, their ids and what is shown of them as JSON texts. */
export interface BoundPatch extends PostPatch {
  readonly id: string;
  readonly at: number;
  readonly historyId: string;
  readonly fileIds?: string;
  readonly filesJson?: string;
}

/** $1 id of the history row, $2 time, $3 post, $4 new text or null, $5 ids of the new files or null. */
const KEEP_HISTORY = statement(
  'posts.keep_history',
  (sql) => `
  INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, hasreactions, userid, channelid, rootid,
    originalid, pendingpostid, type, message, props, hashtags, fileids, files)
  SELECT $1, p.createat, $2, p.editat, $2, FALSE, FALSE, p.userid, p.channelid, p.rootid, p.id, '', p.type, p.message,
    p.props, p.hashtags, p.fileids, p.files
  FROM posts p WHERE p.id = $3 AND p.deleteat = 0 AND (p.message <> $4 OR p.fileids <> $5)
  ${sql.orIgnore('posts', ['id'])}`,
);

/** $1 post, $2 time, then text, hashtags, props, pinned, ids of files, files: null leaves a column as it is. */
const PATCH = statement(
  'posts.patch',
  (sql) => `
  UPDATE posts SET
    editat = CASE WHEN message <> $3 OR fileids <> $7 THEN $2 ELSE editat END,
    updateat = ${sql.greatest('updateat', '$2')},
    message = COALESCE($3, message),
    hashtags = COALESCE($4, hashtags),
    props = COALESCE($5, props),
    ispinned = COALESCE($6, ispinned),
    fileids = COALESCE($7, fileids),
    files = COALESCE($8, files)
  WHERE id = $1 AND deleteat = 0`,
);

/** What was there goes into the history, then the change is made. */
export function bindPatch(patch: BoundPatch): [BoundStatement, BoundStatement] {
  const { id, at, historyId, message = null, hashtags = null, props = null, isPinned = null } = patch;
  const { fileIds = null, filesJson = null } = patch;
  return [
    bind(KEEP_HISTORY, historyId, at, id, message, fileIds),
    bind(PATCH, id, at, message, hashtags, props, isPinned, fileIds, filesJson),
  ];
}
