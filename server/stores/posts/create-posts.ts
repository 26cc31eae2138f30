import { uncountedTypes } from '../../../contract/index.ts';
import {
  type BoundStatement,
  bind,
  type Causality,
  type Database,
  DatabaseError,
  type Row,
  type Token,
} from '../../database/index.ts';
import type { ChannelClock } from './channel-clock.ts';
import { createOneStatement } from './create-post.sql.ts';
import { createManyStatement } from './create-posts.sql.ts';
import { DoubtfulRequests, keyOf } from './doubtful-requests.ts';
import { findWanted } from './find-posts.ts';
import type { CreatedPost, NewPost, PostRefusal } from './new-post.ts';
import { joinPostJson } from './post-json.ts';
import { type ItemOutcome, WriteCombiner } from './write-combiner.ts';

interface WaitingPost {
  readonly post: NewPost;
  readonly createAt: number;
  readonly causality: Causality;
}

interface CreatedRow extends Row {
  readonly id: string;
  readonly refusal: PostRefusal | null;
  readonly inserted: boolean;
  readonly replycount: number | null;
  readonly lastreplyat: number | null;
  /** Ids as a list of the engine's own form. */
  readonly mentioned: string | null;
}

/** Writes a post with everything that follows from it; see `PostStore.create`. */
export type CreatePost = (causality: Causality, post: NewPost) => Promise<CreatedPost>;

/** The writer of posts. All posts of the process go through one combiner. */
export function createPostWriter(database: Database, clock: ChannelClock): CreatePost {
  const doubtful = new DoubtfulRequests();
  const combiner = new WriteCombiner<WaitingPost, CreatedPost>({
    flush: (batch) => flush({ database, doubtful }, batch),
    keyOf: (waiting) => waiting.post.channelId,
    isolates: isFaultOfOneRow,
    // The gate has held the flush to its limit; whoever waited behind it would be held as long again.
    concernsAll: (error) => error instanceof DatabaseError && error.kind === 'held',
    full: () =>
      new DatabaseError('Too many posts are waiting to be written.', { kind: 'overload', outcome: 'not-executed' }),
  });
  const underWay = new Map<string, Promise<CreatedPost>>();

  async function repeat(causality: Causality, first: Promise<CreatedPost>): Promise<CreatedPost> {
    const result = await first;
    causality.raise(database.latestToken);
    return result.outcome === 'created' ? { ...result, outcome: 'repeated', mentioned: [] } : result;
  }

  return (causality, post) => {
    const key = keyOf(post);
    const first = post.pendingPostId === '' ? undefined : underWay.get(key);
    if (first !== undefined) return repeat(causality, first);
    const written = combiner.submit({ post, createAt: clock.next(post.channelId), causality });
    if (post.pendingPostId !== '') {
      underWay.set(key, written);
      const forget = (): boolean => underWay.delete(key);
      const doubt = (): void => void (forget() && doubtful.note(post));
      written.then(forget, doubt);
    }
    return written;
  };
}

/** Trouble with the database is everybody's; anything else may come from one row, or from a lock that one row needs. */
function isFaultOfOneRow(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return ['statement', 'unique', 'conflict', 'timeout'].includes(error.kind);
}

interface FlushDeps {
  readonly database: Database;
  readonly doubtful: DoubtfulRequests;
}

async function flush(deps: FlushDeps, batch: readonly WaitingPost[]): Promise<readonly ItemOutcome<CreatedPost>[]> {
  const { database } = deps;
  const causality = batchCausality();
  const [only] = batch;
  // A post with files is rare enough to go the way of many.
  const bound = batch.length === 1 && only?.post.fileIds.length === 0 ? bindOne(only) : bindMany(batch);
  const rows = await database.write<CreatedRow>(causality, bound, { onUnknown: 'repeatable' });
  for (const waiting of batch) waiting.causality.raise(causality.token);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const missing = batch.filter((waiting) => byId.get(waiting.post.id)?.inserted !== true);
  const stored = await resolveMissing(deps, missing, byId);
  return batch.map((waiting) => {
    const row = byId.get(waiting.post.id);
    return stored.get(waiting) ?? { result: created(waiting, row as CreatedRow) };
  });
}

/** Takes the token of the one write that a batch is; it is handed to each author afterwards. */
function batchCausality(): Causality {
  let held: Token | undefined;
  return {
    get token() {
      return held;
    },
    raise(token) {
      held = token ?? held;
    },
  };
}

/** Posts that were not inserted now: stored before (a repeated request or a repeated statement), or refused. */
async function resolveMissing(
  { database, doubtful }: FlushDeps,
  missing: readonly WaitingPost[],
  rows: ReadonlyMap<string, CreatedRow>,
): Promise<Map<WaitingPost, ItemOutcome<CreatedPost>>> {
  if (missing.length === 0) return new Map();
  const wanted = missing.map((waiting) => waiting.post);
  try {
    const found = await findWanted((statement, ...values) => database.readLatest(statement, ...values), wanted);
    const isMaker = ({ post }: WaitingPost, id: string): boolean => id === post.id || doubtful.settle(post);
    return new Map(
      missing.map((waiting) => {
        const stored = found.get(waiting.post.id);
        if (stored === undefined) return [waiting, outcomeOfUnsaved(waiting, rows)];
        return [waiting, outcomeOfStored(waiting, stored, isMaker(waiting, stored.row.id))];
      }),
    );
  } catch (error) {
    // Their neighbours are saved and are told so.
    return new Map(missing.map((waiting) => [waiting, { error }]));
  }
}

type Found = Awaited<ReturnType<typeof findWanted>>;

/** @param made whether this request has saved it: its answer was lost and the statement, or the whole request, sent again. */
function outcomeOfStored(
  { post }: WaitingPost,
  { row, json }: NonNullable<ReturnType<Found['get']>>,
  made: boolean,
): ItemOutcome<CreatedPost> {
  const mentioned = made ? post.mentions.filter((id) => id !== post.userId) : [];
  const outcome = made ? 'created' : 'repeated';
  return { result: { outcome, id: row.id, createAt: row.createat, json, mentioned } };
}

function outcomeOfUnsaved({ post }: WaitingPost, rows: ReadonlyMap<string, CreatedRow>): ItemOutcome<CreatedPost> {
  const reason = rows.get(post.id)?.refusal;
  if (reason !== undefined && reason !== null) return { result: { outcome: 'refused', reason } };
  return { error: new DatabaseError('A post was neither saved nor refused.', { kind: 'conflict', outcome: 'final' }) };
}

function bindOne({ post, createAt }: WaitingPost): BoundStatement {
  const reply = post.rootId !== '';
  const mentions = hasMentions(post);
  return bind(
    createOneStatement({ reply, mentions }),
    post.id,
    createAt,
    post.userId,
    post.channelId,
    post.pendingPostId,
    post.type,
    post.message,
    post.props,
    post.hashtags,
    JSON.stringify(post.fileIds),
    count(post),
    post.marksRead,
    post.membersOnly,
    ...(reply ? [post.rootId, JSON.stringify(followRows(post).map(({ postid, ...row }) => row))] : []),
    ...(mentions ? [JSON.stringify(post.mentions.map((userid) => ({ userid }))), post.mentionsEveryone] : []),
  );
}

function bindMany(batch: readonly WaitingPost[]): BoundStatement {
  const posts = batch.map((waiting) => waiting.post);
  const mentions = posts.some(hasMentions);
  const pairs = posts.flatMap((post) => post.mentions.map((userid) => ({ postid: post.id, userid })));
  // An engine that locks channels as it meets them in the list meets them in the order of their ids, as all others do.
  const ordered = batch.toSorted((a, b) => a.post.channelId.localeCompare(b.post.channelId));
  const replies = posts.filter((post) => post.rootId !== '');
  const wanted = wantedFiles(posts);
  const rows = ordered.map((waiting) => ({ ...inputRow(waiting), ...wanted.ofPost(waiting.post) }));
  return bind(
    createManyStatement({ replies: replies.length > 0, mentions, files: wanted.list.length > 0 }),
    JSON.stringify(rows),
    ...(mentions ? [JSON.stringify(pairs)] : []),
    ...(wanted.list.length > 0 ? [JSON.stringify(wanted.list)] : []),
    ...(replies.length > 0 ? [JSON.stringify(replies.flatMap(followRows))] : []),
  );
}

/** Whom a reply brings into its thread, each once: the author, who mentions nobody, and those that it names. */
function followRows({ id, userId, follows }: NewPost): { postid: string; userid: string; mentioned: boolean }[] {
  const mentionedById = new Map([[userId, false]]);
  for (const follow of follows) {
    if (follow.userId === userId) continue;
    mentionedById.set(follow.userId, follow.mentioned || mentionedById.get(follow.userId) === true);
  }
  return Array.from(mentionedById, ([userid, mentioned]) => ({ postid: id, userid, mentioned }));
}

interface WantedFile {
  readonly fileid: string;
  readonly postid: string;
}

/** The files of a batch in the order of their ids. Of two posts that want the same file the first one gets it. */
function wantedFiles(posts: readonly NewPost[]): { list: WantedFile[]; ofPost(post: NewPost): object } {
  const takenBy = new Map<string, string>();
  for (const post of posts) {
    for (const fileId of post.fileIds) {
      if (!takenBy.has(fileId)) takenBy.set(fileId, post.id);
    }
  }
  const list = Array.from(takenBy, ([fileid, postid]) => ({ fileid, postid }));
  list.sort((a, b) => (a.fileid < b.fileid ? -1 : 1));
  return {
    list,
    ofPost: ({ fileIds, files }) => (list.length === 0 ? {} : { files, filecount: fileIds.length }),
  };
}

/** How much the post adds to the channel's total. */
function count(post: NewPost): number {
  return uncountedTypes.has(post.type) ? 0 : 1;
}

function hasMentions(post: NewPost): boolean {
  return post.mentionsEveryone || post.mentions.length > 0;
}

function inputRow({ post, createAt }: WaitingPost): Record<string, unknown> {
  return {
    id: post.id,
    createat: createAt,
    userid: post.userId,
    channelid: post.channelId,
    rootid: post.rootId,
    pendingpostid: post.pendingPostId,
    type: post.type,
    message: post.message,
    props: post.props,
    hashtags: post.hashtags,
    fileids: JSON.stringify(post.fileIds),
    counted: count(post),
    marksread: post.marksRead,
    membersonly: post.membersOnly,
    everyone: post.mentionsEveryone,
  };
}

/** The post as it was written: what a read of it would give, without the read. */
function created({ post, createAt }: WaitingPost, row: CreatedRow): CreatedPost {
  const plain = JSON.stringify({
    id: post.id,
    create_at: createAt,
    update_at: createAt,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: post.userId,
    channel_id: post.channelId,
    root_id: post.rootId,
    original_id: '',
    message: post.message,
    type: post.type,
    hashtags: post.hashtags,
    pending_post_id: post.pendingPostId,
    has_reactions: false,
    reply_count: row.replycount ?? 0,
    last_reply_at: row.lastreplyat ?? 0,
  });
  const stored = { props: post.props, fileids: JSON.stringify(post.fileIds), files: post.files, participants: null };
  return {
    outcome: 'created',
    id: post.id,
    createAt,
    json: joinPostJson(plain, stored, undefined),
    mentioned: row.mentioned?.match(/\w+/g) ?? [],
  };
}
