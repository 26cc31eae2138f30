import { type Row, statement, type Transaction } from '../../database/index.ts';
import { POSTS_BY_IDS } from './find-posts.ts';
import type { PostRow } from './post-json.ts';
import { bindPatch, type PostPatch } from './patch-post.sql.ts';

/** The files that a post is to have. */
export interface PatchedFiles {
  readonly ids: readonly string[];
  /** The same files as the API shows them with the post, as a JSON list; empty without files. */
  readonly json: string;
  /** Whose unattached uploads may be among them. */
  readonly creatorId: string;
}

/** A file of a change is neither the post's nor an unattached upload of the right user in its channel. */
export class PostFilesRefused extends Error {}

interface FileStateRow extends Row {
  readonly id: string;
  readonly creatorid: string;
  readonly channelid: string;
  readonly postid: string;
  readonly deleteat: number;
  readonly size: number;
}

/** $1 post. */
const LOCK_POST = statement('posts.lock_living', 'SELECT id FROM posts WHERE id = $1 AND deleteat = 0 FOR UPDATE');

/** In the order of the list, or of the ids: both are the same. $1 JSON list of `{id}`, ordered. */
const LOCK_FILES = statement('posts.lock_files', (sql) => {
  const columns = 'f.id, f.creatorid, f.channelid, f.postid, f.deleteat, f.size';
  const wanted = sql.rows('$1', { id: 'key' }, 'w');
  return sql.can.writeInCte
    ? `SELECT ${columns} FROM ${wanted} JOIN fileinfo f ON f.id = w.id ORDER BY f.id FOR UPDATE OF f`
    : `SELECT ${columns} FROM ${wanted} STRAIGHT_JOIN fileinfo f ON f.id = w.id FOR UPDATE`;
});

/** What the post had once comes back with its bytes. $1 JSON list of `{id}`, $2 post, $3 time. */
export const TAKE_FILES = statement('posts.take_files', (sql) => {
  const wanted = sql.rows('$1', { id: 'key' }, 'w');
  // MariaDB would read every file there is for an `IN`, and look for each in the list.
  return sql.can.writeInCte
    ? `UPDATE fileinfo SET postid = $2, deleteat = 0, updateat = $3
       WHERE (postid = '' OR deleteat > 0) AND id IN (SELECT w.id FROM ${wanted})`
    : `UPDATE (SELECT w.id FROM ${wanted}) n STRAIGHT_JOIN fileinfo f ON f.id = n.id
       SET f.postid = $2, f.deleteat = 0, f.updateat = $3
       WHERE f.postid = '' OR f.deleteat > 0`;
});

/** The bytes stay, as the old text does. The same values. */
const LEAVE_FILES = statement(
  'posts.leave_files',
  (sql) => `UPDATE fileinfo SET deleteat = $3, updateat = $3
    WHERE postid = $2 AND deleteat = 0 AND id NOT IN (SELECT w.id FROM ${sql.rows('$1', { id: 'key' }, 'w')})`,
);

interface FilesChange extends PostPatch {
  readonly id: string;
  readonly channelId: string;
  readonly at: number;
  readonly historyId: string;
  readonly files: PatchedFiles;
}

/**
 * Changes a post and its files; no row when it is not there.
 *
 * @throws PostFilesRefused which undoes everything.
 */
export async function patchWithFiles(tx: Transaction, change: FilesChange): Promise<PostRow[]> {
  const { id, at, files } = change;
  if ((await tx.query(LOCK_POST, id)).length === 0) return [];
  const wanted = JSON.stringify(files.ids.toSorted().map((fileId) => ({ id: fileId })));
  const found = await tx.query<FileStateRow>(LOCK_FILES, wanted);
  if (found.filter((file) => mayHang(file, change)).length < files.ids.length) throw new PostFilesRefused();
  await tx.query(TAKE_FILES, wanted, id, at);
  await tx.query(LEAVE_FILES, wanted, id, at);
  const fileIds = JSON.stringify(files.ids);
  for (const { statement: asked, values } of bindPatch({ ...change, fileIds, filesJson: files.json })) {
    await tx.query(asked, ...values);
  }
  return tx.query<PostRow>(POSTS_BY_IDS, JSON.stringify([{ id }]));
}

function mayHang(file: FileStateRow, { id, channelId, files }: FilesChange): boolean {
  if (file.size < 0) return false;
  if (file.postid === id) return true;
  const isOwn = file.creatorid === files.creatorId && file.channelid === channelId;
  return isOwn && file.postid === '' && file.deleteat === 0;
}
