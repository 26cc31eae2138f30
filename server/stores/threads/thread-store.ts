import { bind, type Causality, type Database, type Row } from '../../database/index.ts';
import { type CountedPost, type PostRow, postTexts } from '../posts/index.ts';
import * as sql from './threads.sql.ts';

export interface ThreadPlace {
  readonly threadId: string;
  readonly userId: string;
}

/** Somebody who follows a thread. */
export interface Follower {
  readonly userId: string;
  readonly lastViewedAt: number;
  readonly unreadReplies: number;
  readonly unreadMentions: number;
}

/** A thread as one of its followers has it. */
export interface FollowedThread extends Follower {
  readonly id: string;
  readonly channelId: string;
  readonly following: boolean;
  readonly replyCount: number;
  readonly lastReplyAt: number;
  /** In the order of their first replies. */
  readonly participantIds: readonly string[];
  readonly deleteAt: number;
  /** The root as JSON text. */
  readonly post: string;
}

export interface ThreadPage {
  readonly perPage: number;
  readonly deleted: boolean;
  readonly unread: boolean;
  /** Only threads with a reply, or a change of the user's own, from this time on; 0 for all. */
  readonly since: number;
  /** Only those with an older (`before`) or a newer (`after`) last reply than this thread's; newest first, but for `after`. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface ThreadTotals {
  readonly total: number;
  readonly unreadThreads: number;
  readonly unreadMentions: number;
}

/** Where a user looks at threads: a team's, and those of direct and group channels with them. */
export interface TeamPlace {
  readonly userId: string;
  readonly teamId: string;
}

/** Who follows which thread. Replies bring their followers in themselves: see `NewPost.follows`. */
export interface ThreadStore {
  page(causality: Causality, place: TeamPlace, page: ThreadPage): Promise<FollowedThread[]>;
  totals(causality: Causality, place: TeamPlace, deleted: boolean): Promise<ThreadTotals>;
  /** Unread threads and mentions in them by team; direct channels belong to none. */
  unreadByTeam(causality: Causality, userId: string): Promise<Map<string, { unread: number; mentions: number }>>;
  /** Undefined for who has never followed it, and for a thread without replies. */
  one(causality: Causality, place: ThreadPlace): Promise<FollowedThread | undefined>;
  /** Those who follow it and are members of its channel. */
  followers(causality: Causality, threadId: string): Promise<Follower[]>;
  repliesAfter(causality: Causality, threadId: string, time: number): Promise<CountedPost[]>;
  /** Begins or ends to follow. Who begins has read what there is. */
  follow(causality: Causality, place: ThreadPlace, follow: { following: boolean; at: number }): Promise<void>;
  /** Puts the mark at `readTo`, forwards or backwards, with the mentions that are after it. */
  markRead(
    causality: Causality,
    place: ThreadPlace,
    mark: { readTo: number; unreadMentions: number; at: number },
  ): Promise<FollowedThread | undefined>;
  markAllRead(causality: Causality, place: TeamPlace, at: number): Promise<void>;
}

interface ThreadRow extends PostRow {
  readonly replycount: number;
  readonly lastreplyat: number;
  readonly lastviewed: number;
  readonly unreadmentions: number;
  readonly following: boolean;
  readonly unreadreplies: number;
}

interface FollowerRow extends Row {
  readonly userid: string;
  readonly lastviewed: number;
  readonly unreadmentions: number;
  readonly unreadreplies: number;
}

const repeatable = { onUnknown: 'repeatable' } as const;

export function createThreadStore(database: Database): ThreadStore {
  const present = async (
    causality: Causality,
    rows: readonly ThreadRow[],
    userId: string,
  ): Promise<FollowedThread[]> => {
    const texts = await postTexts((asked, ...values) => database.read(causality, asked, ...values), rows);
    return rows.map((row) => toThread(row, userId, texts.get(row.id) ?? ''));
  };
  return {
    ...createCounts(database),
    ...createMarks(database),
    async page(causality, { userId, teamId }, page) {
      const pivot = page.before ?? page.after;
      const asked = page.before !== undefined ? sql.BEFORE : page.after === undefined ? sql.NEWEST : sql.AFTER;
      const filter = [userId, teamId, page.deleted, page.unread, page.since, page.perPage];
      const values = pivot === undefined ? filter : [...filter, pivot];
      return present(causality, await database.read<ThreadRow>(causality, asked, ...values), userId);
    },
    async one(causality, { userId, threadId }) {
      const rows = await database.read<ThreadRow>(causality, sql.ONE, userId, threadId);
      return (await present(causality, rows, userId))[0];
    },
    async markRead(causality, { userId, threadId }, { readTo, unreadMentions, at }) {
      const answers = await database.writeAll(
        causality,
        [bind(sql.MARK_READ, threadId, userId, readTo, unreadMentions, at), bind(sql.ONE, userId, threadId)],
        repeatable,
      );
      return (await present(causality, (answers.at(-1) ?? []) as ThreadRow[], userId))[0];
    },
  };
}

type Counts = Pick<ThreadStore, 'totals' | 'unreadByTeam' | 'followers' | 'repliesAfter'>;

function createCounts(database: Database): Counts {
  return {
    async totals(causality, { userId, teamId }, deleted) {
      const [row] = await database.read<Row>(causality, sql.TOTALS, userId, teamId, deleted);
      // Sums come as decimal texts.
      return {
        total: Number(row?.['total']),
        unreadThreads: Number(row?.['unread']),
        unreadMentions: Number(row?.['mentions']),
      };
    },
    async unreadByTeam(causality, userId) {
      const rows = await database.read<Row>(causality, sql.UNREAD_BY_TEAM, userId);
      const counts = (row: Row) => ({ unread: Number(row['unread']), mentions: Number(row['mentions']) });
      return new Map(rows.map((row) => [String(row['teamid']), counts(row)]));
    },
    async followers(causality, threadId) {
      const rows = await database.read<FollowerRow>(causality, sql.FOLLOWERS, threadId);
      return rows.map((row) => toFollower(row, row.userid));
    },
    repliesAfter: (causality, threadId, time) =>
      database.read<CountedPost>(causality, sql.REPLIES_AFTER, threadId, time),
  };
}

function createMarks(database: Database): Pick<ThreadStore, 'follow' | 'markAllRead'> {
  return {
    async follow(causality, { userId, threadId }, { following, at }) {
      const values = [threadId, userId, following, at] as const;
      await database.writeAll(causality, [bind(sql.CHANGE_FOLLOW, ...values), bind(sql.FOLLOW, ...values)], repeatable);
    },
    async markAllRead(causality, { userId, teamId }, at) {
      await database.write(causality, bind(sql.MARK_ALL_READ, userId, teamId, at), repeatable);
    },
  };
}

type CountedRow = Pick<FollowerRow, 'lastviewed' | 'unreadmentions' | 'unreadreplies'>;

function toFollower(row: CountedRow, userId: string): Follower {
  const { lastviewed: lastViewedAt, unreadmentions: unreadMentions, unreadreplies: unreadReplies } = row;
  return { userId, lastViewedAt, unreadReplies: Number(unreadReplies), unreadMentions };
}

function toThread(row: ThreadRow, userId: string, post: string): FollowedThread {
  return {
    ...toFollower(row, userId),
    id: row.id,
    channelId: row.channelid,
    following: row.following,
    replyCount: row.replycount,
    lastReplyAt: row.lastreplyat,
    participantIds: JSON.parse(row.participants ?? '[]') as string[],
    deleteAt: row.deleteat,
    post,
  };
}
