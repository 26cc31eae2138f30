import { type Row, type SqlVocabulary, type Statement, statement } from '../../database/index.ts';
import { joinThread, type ListedPost, listedPostJson, type PostRow, postColumns, postJson } from './post-json.ts';

/** One read of the database with an intent that the caller has chosen. */
export type Reader = <R extends Row>(statement: Statement, ...values: string[]) => Promise<R[]>;

interface ReactionsRow extends Row {
  readonly postid: string;
  readonly json: string;
}

/** $1 JSON list of `{postid}`. */
const REACTIONS = statement(
  'posts.reactions',
  (sql) => `
  SELECT r.postid, ${reactionJson(sql)} AS json
  FROM ${sql.rows('$1', { postid: 'text' }, 'i')} JOIN reactions r ON r.postid = i.postid
  ORDER BY r.postid, r.createat, r.emojiname`,
);

/** A reaction as JSON text out of `reactions r`. */
function reactionJson(sql: SqlVocabulary): string {
  return sql.jsonText({
    user_id: 'r.userid',
    post_id: 'r.postid',
    emoji_name: 'r.emojiname',
    create_at: 'r.createat',
    update_at: 'r.createat',
    delete_at: '0',
    channel_id: 'r.channelid',
  });
}

/** The rows' posts as JSON text by id. Asks for reactions only when a post has some. */
export async function postTexts(read: Reader, rows: readonly PostRow[]): Promise<Map<string, string>> {
  const reacted = rows.filter((row) => row.hasreactions && row.deleteat === 0);
  const reactions = await reactionsOf(read, reacted);
  return new Map(rows.map((row) => [row.id, postJson(row, reactions(row.id))]));
}

/** The same for the rows of a list. */
export async function listedTexts(read: Reader, rows: readonly ListedPost[]): Promise<Map<string, string>> {
  const reacted = rows.filter((row) => row.reacted);
  const reactions = await reactionsOf(read, reacted);
  return new Map(rows.map((row) => [row.id, listedPostJson(row, reactions(row.id))]));
}

/** The JSON list of a post's reactions by its id; undefined when it has none. */
type ReactionsById = (id: string) => string | undefined;

async function reactionsOf(read: Reader, posts: readonly { readonly id: string }[]): Promise<ReactionsById> {
  if (posts.length === 0) return () => undefined;
  const found = new Map<string, string[]>();
  const ids = JSON.stringify(posts.map((post) => ({ postid: post.id })));
  for (const row of await read<ReactionsRow>(REACTIONS, ids)) {
    const list = found.get(row.postid) ?? [];
    list.push(row.json);
    found.set(row.postid, list);
  }
  return (id) => {
    const list = found.get(id);
    return list && `[${list.join(',')}]`;
  };
}

/** $1 JSON list of `{id}`. Deleted posts come without their content. */
export const POSTS_BY_IDS = statement(
  'posts.by_ids',
  (sql) => `
  SELECT ${postColumns(sql)}
  FROM ${sql.rows('$1', { id: 'text' }, 'i')} JOIN posts p ON p.id = i.id ${joinThread}
  WHERE p.originalid = ''`,
);

export interface WantedPost {
  readonly id: string;
  readonly userId: string;
  readonly pendingPostId: string;
}

interface WantedRow extends PostRow {
  readonly wanted: string;
}

/** $1 JSON list of `{id, userid, pendingpostid}`: the post itself, or the one that the same request has stored before. */
const WANTED = statement(
  'posts.wanted',
  (sql) => `
  SELECT i.id AS wanted, ${postColumns(sql)}
  FROM ${sql.rows('$1', wantedColumns, 'i')} JOIN posts p ON p.id = i.id ${joinThread}
  UNION ALL
  SELECT i.id, ${postColumns(sql)}
  FROM ${sql.rows('$1', wantedColumns, 'i')}
  JOIN posts p ON p.userid = i.userid AND ${sql.equalsFilled('p.pendingpostid', 'i.pendingpostid')} AND p.id <> i.id
  ${joinThread}`,
);
const wantedColumns = { id: 'text', userid: 'text', pendingpostid: 'text' } as const;

/** The stored posts by the id that was asked for; those that are not stored are left out. */
export async function findWanted(
  read: Reader,
  wanted: readonly WantedPost[],
): Promise<Map<string, { readonly row: PostRow; readonly json: string }>> {
  const list = wanted.map((post) => ({ id: post.id, userid: post.userId, pendingpostid: post.pendingPostId }));
  const rows = await read<WantedRow>(WANTED, JSON.stringify(list));
  const texts = await postTexts(read, rows);
  return new Map(rows.map((row) => [row.wanted, { row, json: texts.get(row.id) ?? '' }]));
}
