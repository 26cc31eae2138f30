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
  /** JSON list; null without files. */
  readonly files: string | null;
  /** JSON list of user ids; null when nobody has replied. */
  readonly participants: string | null;
}

/**
 * What a list needs of a post. A page has sixty rows: few columns, because the driver makes a text of each value; and
 * the engine's JSON functions only for what has to be escaped, because they take longer than all the rest of the read.
 */
export interface ListedPost extends Row {
  readonly id: string;
  readonly rootid: string;
  /** Whether there are reactions to be shown. */
  readonly reacted: boolean;
  /** Members that are numbers, ids, or stored as JSON already: `"create_at":1,...`. */
  readonly members: string;
  /** What people wrote, as one JSON object. */
  readonly texts: string;
  /** JSON list; null without files. */
  readonly files: string | null;
  /** JSON list of user ids; null when nobody has replied. */
  readonly participants: string | null;
  /** Whether the user follows the thread, where that is asked for; null for replies. MariaDB has numbers for it. */
  readonly following?: boolean | number | null;
}

// All of these are out of `posts p` and `threads t`, where `t` is the thread that the post belongs to. A deleted post has
// lost its content; the former versions of an edited one, which are deleted as well, have it.
const shown = `(p.deleteat = 0 OR p.originalid <> '')`;
const message = `CASE WHEN ${shown} THEN p.message ELSE '' END`;
const hashtags = `CASE WHEN ${shown} THEN p.hashtags ELSE '' END`;
const props = `CASE WHEN ${shown} THEN p.props ELSE '{}' END`;
const fileIds = `CASE WHEN ${shown} THEN p.fileids ELSE '[]' END`;
const files = `CASE WHEN ${shown} AND p.files <> '' THEN p.files END`;
const participants = `CASE WHEN p.rootid = '' THEN t.participants END`;
const replyCount = 'COALESCE(t.replycount, 0)';
const lastReplyAt = 'COALESCE(t.lastreplyat, 0)';

/** The columns of `PostRow`. */
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
    message,
    type: 'p.type',
    hashtags,
    pending_post_id: 'p.pendingpostid',
    has_reactions: sql.jsonBoolean('p.hasreactions'),
    reply_count: replyCount,
    last_reply_at: lastReplyAt,
  });
  return `p.id, p.channelid, p.userid, p.rootid, p.type, p.createat, p.updateat, p.deleteat, p.hasreactions,
    ${json} AS json, ${props} AS props, ${fileIds} AS fileids,
    ${files} AS files, ${participants} AS participants`;
}

/** The columns of `ListedPost`, and `createat` to sort by. */
export function listedColumns(sql: SqlVocabulary): string {
  const flag = (column: string): string => `CASE WHEN ${column} THEN 'true' ELSE 'false' END`;
  const members = [
    `'"create_at":', p.createat, ',"update_at":', p.updateat, ',"edit_at":', p.editat, ',"delete_at":', p.deleteat`,
    `',"is_pinned":', ${flag('p.ispinned')}, ',"has_reactions":', ${flag('p.hasreactions')}`,
    `',"user_id":"', p.userid, '","channel_id":"', p.channelid, '","original_id":"', p.originalid`,
    `'","reply_count":', ${replyCount}, ',"last_reply_at":', ${lastReplyAt}`,
    `',"props":', ${props}, ',"file_ids":', ${fileIds}`,
  ];
  const texts = sql.jsonText({ message, type: 'p.type', hashtags, pending_post_id: 'p.pendingpostid' });
  return `p.id, p.rootid, p.createat, p.hasreactions AND p.deleteat = 0 AS reacted,
    CONCAT(${members.join(', ')}) AS members, ${texts} AS texts, ${files} AS files, ${participants} AS participants`;
}

/** Joins the thread that `p` belongs to: its own when it is a root. */
export const joinThread = `LEFT JOIN threads t ON t.postid = CASE WHEN p.rootid = '' THEN p.id ELSE p.rootid END`;

/** The whole post as JSON text. `reactions` is a JSON list, or undefined when there is none. */
export function postJson(row: PostRow, reactions: string | undefined): string {
  return joinPostJson(row.json, row, reactions);
}

/** The same for a row of a list. */
export function listedPostJson(row: ListedPost, reactions: string | undefined): string {
  const { id, rootid, members, texts, following = null } = row;
  const last = `${lastMembers(row, reactions)}${following === null ? '' : `,"is_following":${Boolean(following)}`}`;
  return `{"id":"${id}","root_id":"${rootid}",${members},${texts.slice(1, -1)},${last}}`;
}

interface StoredJson {
  readonly props: string;
  readonly fileids: string;
  readonly files: string | null;
  readonly participants: string | null;
}

/** `plain` is the JSON object of the plain members; the stored members go before its closing brace. */
export function joinPostJson(plain: string, stored: StoredJson, reactions: string | undefined): string {
  return (
    `${plain.slice(0, plain.lastIndexOf('}'))},"props":${stored.props},"file_ids":${stored.fileids},` +
    `${lastMembers(stored, reactions)}}`
  );
}

function lastMembers(
  { participants: stored, files }: Pick<StoredJson, 'participants' | 'files'>,
  reactions: string | undefined,
): string {
  return `"participants":${participantsJson(stored)},"metadata":${metadataJson(files, reactions)}`;
}

function metadataJson(stored: string | null, reactions: string | undefined): string {
  if (!stored) return reactions === undefined ? '{}' : `{"reactions":${reactions}}`;
  return reactions === undefined ? `{"files":${stored}}` : `{"files":${stored},"reactions":${reactions}}`;
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
    `"next_post_id":"${cursors.next}","prev_post_id":"${cursors.previous}","first_inaccessible_post_time":0${hasNext}}`
  );
}
