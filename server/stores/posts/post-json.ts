import type { Row, SqlVocabulary } from '../../database/index.ts';

/**
 * A post travels from the database to the socket as text: the engine prints its plain members, this file joins the
 * members that are stored as JSON already, and nothing parses them on the way.
 */
export interface PostRow extends Row {
  readonly id: string;
  readonly channelid: string;
  readonly userid: string;
  readonly rootid: string;
  readonly type: string;
  readonly createat: number;
  readonly updateat: number;
  readonly deleteat: number;
  readonly hasreactions: boolean;
  /** The plain members as one JSON object. */
  readonly json: string;
  readonly props: string;
  readonly fileids: string;
  /** JSON list of user ids; null when nobody has replied. */
  readonly participants: string | null;
}

/**
 * The columns of `PostRow` out of `posts p` and `threads t`, where `t` is the thread that the post belongs to. A deleted
 * post has lost its content.
 */
export function postColumns(sql: SqlVocabulary): string {
  const json = sql.jsonText({
    id: 'p.id',
    create_at: 'p.createat',
    update_at: 'p.updateat',
    edit_at: 'p.editat',
    delete_at: 'p.deleteat',
    is_pinned: sql.jsonBoolean('p.ispinned'),
    user_id: 'p.userid',
    channel_id: 'p.channelid',
    root_id: 'p.rootid',
    original_id: 'p.originalid',
    message: `CASE WHEN p.deleteat = 0 OR p.originalid <> '' THEN p.message ELSE '' END`,
    type: 'p.type',
    hashtags: `CASE WHEN p.deleteat = 0 THEN p.hashtags ELSE '' END`,
    pending_post_id: 'p.pendingpostid',
    has_reactions: sql.jsonBoolean('p.hasreactions'),
    reply_count: 'COALESCE(t.replycount, 0)',
    last_reply_at: 'COALESCE(t.lastreplyat, 0)',
  });
  return `p.id, p.channelid, p.userid, p.rootid, p.type, p.createat, p.updateat, p.deleteat, p.hasreactions,
    ${json} AS json,
    CASE WHEN p.deleteat = 0 THEN p.props ELSE '{}' END AS props,
    CASE WHEN p.deleteat = 0 THEN p.fileids ELSE '[]' END AS fileids,
    CASE WHEN p.rootid = '' THEN t.participants END AS participants`;
}

/** Joins the thread that `p` belongs to: its own when it is a root. */
export const joinThread = `LEFT JOIN threads t ON t.postid = CASE WHEN p.rootid = '' THEN p.id ELSE p.rootid END`;

/** The whole post as JSON text. `reactions` is a JSON list, or undefined when there is none. */
export function postJson(row: PostRow, reactions: string | undefined): string {
  return joinPostJson(row.json, row, reactions);
}

interface StoredJson {
  readonly props: string;
  readonly fileids: string;
  readonly participants: string | null;
}

/** `plain` is the JSON object of the plain members; the stored members go before its closing brace. */
export function joinPostJson(plain: string, stored: StoredJson, reactions: string | undefined): string {
  const metadata = reactions === undefined ? '{}' : `{"reactions":${reactions}}`;
  return (
    `${plain.slice(0, plain.lastIndexOf('}'))},"props":${stored.props},"file_ids":${stored.fileids},` +
    `"participants":${participantsJson(stored.participants)},"metadata":${metadata}}`
  );
}

/** `["a","b"]` as stored becomes `[{"id":"a"},{"id":"b"}]`. */
function participantsJson(stored: string | null): string {
  return stored === null ? 'null' : stored.replace(/"[^"]*"/g, '{"id":$&}');
}

/** The answer to a list request out of the posts' texts. `order` is newest first. */
export function postListJson(
  order: readonly string[],
  posts: ReadonlyMap<string, string>,
  cursors: { readonly next: string; readonly previous: string; readonly hasNext?: boolean },
): string {
  const ids = order.map((id) => `"${id}"`).join(',');
  const members = Array.from(posts, ([id, json]) => `"${id}":${json}`).join(',');
  const hasNext = cursors.hasNext === undefined ? '' : `,"has_next":${cursors.hasNext}`;
  return (
    `{"order":[${ids}],"posts":{${members}},` +
    `"next_post_id":"${cursors.next}","prev_post_id":"${cursors.previous}"${hasNext}}`
  );
}
