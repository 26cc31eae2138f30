import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import type { ChannelClock } from './channel-clock.ts';
import { POSTS_BY_IDS, postTexts } from './find-posts.ts';
import { type PatchedFiles, PostFilesRefused, patchWithFiles } from './patch-files.ts';
import { bindPatch, type PostPatch } from './patch-post.sql.ts';
import { joinThread, type PostRow, postColumns } from './post-json.ts';

/** A stored post: what rules ask for, and its text. */
export interface StoredPost {
  readonly id: string;
  readonly channelId: string;
  readonly userId: string;
  /** Empty for a root. */
  readonly rootId: string;
  readonly type: string;
  readonly createAt: number;
  readonly updateAt: number;
  readonly deleteAt: number;
  readonly json: string;
}

export interface PostChanges {
  /** Undefined when there is no such post; deleted ones are found, without their content. */
  byId(causality: Causality, id: string): Promise<StoredPost | undefined>;
  byIds(causality: Causality, ids: readonly string[]): Promise<StoredPost[]>;
  /**
   * Changes a post that is not deleted. A new text leaves the old one behind as a deleted post with the id `historyId`.
   * Returns the post as it is now, or undefined when there is none.
   */
  patch(
    causality: Causality,
    place: PostPlace,
    change: PostPatch & { historyId: string },
  ): Promise<StoredPost | undefined>;
  /**
   * The same with other files: those that the post keeps, unattached uploads of `files.creatorId` in the channel, and those
   * that it had before. Files that it does not keep are deleted with their place in the history. The whole change is
   * refused when a file is none of these.
   */
  patchFiles(
    causality: Causality,
    place: PostPlace,
    change: PostPatch & { historyId: string; files: PatchedFiles },
  ): Promise<StoredPost | 'files' | undefined>;
  /** The texts that the post had before, newest first. */
  history(causality: Causality, id: string): Promise<StoredPost[]>;
  /** Deletes a post and its replies. Returns the post, or undefined when there is none; deleting twice is no error. */
  delete(causality: Causality, place: PostPlace & { rootId: string }): Promise<StoredPost | undefined>;
}

export interface PostPlace {
  readonly id: string;
  readonly channelId: string;
}

/** $1 post. */
const HISTORY = statement(
  'posts.history',
  (sql) => `
  SELECT ${postColumns(sql)} FROM posts p ${joinThread}
  WHERE p.originalid = $1 AND p.originalid <> '' ORDER BY p.deleteat DESC, p.id`,
);

/** New posts of the channel wait, so that the count of replies below sees all of them. */
const LOCK_CHANNEL = statement('posts.lock_channel', 'SELECT id FROM channels WHERE id = $1 FOR UPDATE');

/** $1 post, $2 time. */
const DELETE = statement(
  'posts.delete',
  `UPDATE posts SET deleteat = $2, updateat = $2
   WHERE deleteat = 0 AND (id = $1 OR (rootid = $1 AND rootid <> ''))`,
);

/** The bytes stay, as the text of the post does. $1 post, $2 time. */
const DELETE_FILES = statement('posts.delete_files', (sql) =>
  sql.can.writeInCte
    ? `UPDATE fileinfo SET deleteat = $2, updateat = $2
       WHERE deleteat = 0 AND postid IN (
         SELECT p.id FROM posts p WHERE p.fileids <> '[]' AND (p.id = $1 OR (p.rootid = $1 AND p.rootid <> '')))`
    : [
        // Each finds its rows by an index; a list of ids out of a query would be looked up for every file there is.
        'UPDATE fileinfo SET deleteat = $2, updateat = $2 WHERE postid = $1 AND deleteat = 0',
        `UPDATE posts p STRAIGHT_JOIN fileinfo f ON f.postid = p.id SET f.deleteat = $2, f.updateat = $2
         WHERE p.rootid = $1 AND p.rootid <> '' AND p.fileids <> '[]' AND f.deleteat = 0`,
      ],
);

/** $1 root. Absolute, so that it may be done twice. */
const COUNT_REPLIES = statement(
  'posts.count_replies',
  `UPDATE threads SET
    replycount = (SELECT count(*) FROM posts p WHERE p.rootid = $1 AND p.rootid <> '' AND p.deleteat = 0),
    lastreplyat = (
      SELECT COALESCE(max(p.createat), 0) FROM posts p WHERE p.rootid = $1 AND p.rootid <> '' AND p.deleteat = 0)
   WHERE postid = $1`,
);

/** The root's count has changed, so it counts as changed itself. $1 root, $2 time. */
const TOUCH_ROOT = statement(
  'posts.touch_root',
  (sql) => `UPDATE posts SET updateat = ${sql.greatest('updateat', '$2')} WHERE id = $1 AND deleteat = 0`,
);

type Present = (causality: Causality, rows: readonly PostRow[]) => Promise<StoredPost[]>;

export function createPostChanges(database: Database, clock: ChannelClock): PostChanges {
  const present: Present = async (causality, rows) => {
    const texts = await postTexts((asked, ...values) => database.read(causality, asked, ...values), rows);
    return rows.map((row) => storedPost(row, texts.get(row.id) ?? ''));
  };

  async function byIds(causality: Causality, ids: readonly string[]): Promise<StoredPost[]> {
    const list = JSON.stringify(ids.map((id) => ({ id })));
    return present(causality, await database.read<PostRow>(causality, POSTS_BY_IDS, list));
  }

  async function remove(causality: Causality, place: PostPlace & { rootId: string }): Promise<StoredPost | undefined> {
    const at = clock.next(place.channelId);
    const ofRoot = place.rootId === '' ? [] : [bind(COUNT_REPLIES, place.rootId), bind(TOUCH_ROOT, place.rootId, at)];
    const answers = await database.writeAll(
      causality,
      [
        bind(LOCK_CHANNEL, place.channelId),
        bind(DELETE, place.id, at),
        bind(DELETE_FILES, place.id, at),
        ...ofRoot,
        bind(POSTS_BY_IDS, JSON.stringify([{ id: place.id }])),
      ],
      { onUnknown: 'repeatable' },
    );
    const [post] = await present(causality, lastRows(answers));
    return post;
  }

  return {
    ...createEdits(database, clock, present),
    byIds,
    delete: remove,
    byId: async (causality, id) => (await byIds(causality, [id]))[0],
    history: async (causality, id) => present(causality, await database.read<PostRow>(causality, HISTORY, id)),
  };
}

function createEdits(
  database: Database,
  clock: ChannelClock,
  present: Present,
): Pick<PostChanges, 'patch' | 'patchFiles'> {
  async function patch(
    causality: Causality,
    place: PostPlace,
    change: PostPatch & { historyId: string },
  ): Promise<StoredPost | undefined> {
    const at = clock.next(place.channelId);
    const answers = await database.writeAll(
      causality,
      [...bindPatch({ ...change, id: place.id, at }), bind(POSTS_BY_IDS, JSON.stringify([{ id: place.id }]))],
      { onUnknown: 'repeatable' },
    );
    return living(await present(causality, lastRows(answers)));
  }

  async function patchFiles(
    causality: Causality,
    place: PostPlace,
    change: PostPatch & { historyId: string; files: PatchedFiles },
  ): Promise<StoredPost | 'files' | undefined> {
    const patched = { ...change, ...place, at: clock.next(place.channelId) };
    try {
      const rows = await database.transaction(causality, (tx) => patchWithFiles(tx, patched));
      return living(await present(causality, rows));
    } catch (error) {
      if (error instanceof PostFilesRefused) return 'files';
      throw error;
    }
  }

  return { patch, patchFiles };
}

function lastRows(answers: readonly Row[][]): PostRow[] {
  return (answers.at(-1) ?? []) as PostRow[];
}

function living([post]: readonly StoredPost[]): StoredPost | undefined {
  return post?.deleteAt === 0 ? post : undefined;
}

function storedPost(row: PostRow, json: string): StoredPost {
  return {
    id: row.id,
    channelId: row.channelid,
    userId: row.userid,
    rootId: row.rootid,
    type: row.type,
    createAt: row.createat,
    updateAt: row.updateat,
    deleteAt: row.deleteat,
    json,
  };
}
