import type { Causality, Database, Row, SqlValue, Statement } from '../../database/index.ts';
import { listedTexts } from './find-posts.ts';
import {
  AFTER,
  BEFORE,
  CHANNEL_STATE,
  FLAGGED,
  type ListStatements,
  NEWEST_PAGE,
  PAGE,
  PINNED,
  READ,
  SINCE,
  THREAD,
  THREAD_DOWN,
  THREAD_UP,
  UNREAD,
} from './list-posts.sql.ts';
import { type ListedPost, postListJson } from './post-json.ts';

interface ListedRow extends ListedPost {
  /** False for posts that are only there to show the listed ones. */
  readonly listed: boolean;
  readonly state?: string;
}

/** What a list shows of threads. */
export interface ThreadsShown {
  /** Leave the other replies of the listed threads out; their roots are there all the same. */
  readonly skipThreads: boolean;
  /** List only roots, and tell of each whether this user follows it. */
  readonly collapsedFor?: string | undefined;
}

export interface PageOptions extends ThreadsShown {
  /** Hears of what state of the channel the list is, as `channelState` tells it; not for collapsed and for empty lists. */
  readonly onState?: ((state: string) => void) | undefined;
  readonly page: number;
  readonly perPage: number;
}

export interface ThreadPart {
  readonly direction: 'up' | 'down';
  readonly perPage: number;
  /** Where the part begins: after (`down`) or before (`up`) this time and id; both 0 and empty for an end. */
  readonly fromCreateAt: number;
  readonly fromPost: string;
  readonly collapsedFor?: string | undefined;
}

/** The lists of posts, each as the JSON text of a `PostList`. Ties in time are settled by the id. */
export interface PostLists {
  page(causality: Causality, channelId: string, options: PageOptions): Promise<string>;
  before(causality: Causality, channelId: string, pivot: string, options: PageOptions): Promise<string>;
  after(causality: Causality, channelId: string, pivot: string, options: PageOptions): Promise<string>;
  /** Another text for every change of what a channel's posts show. By two rows of indexes. */
  channelState(causality: Causality, channelId: string): Promise<string>;
  /** What has changed after `time`, at most 1,000 posts, deleted ones without content. No cursors. */
  since(causality: Causality, channelId: string, time: number, collapsedFor?: string): Promise<string>;
  /** The last posts that the member has read and the first that they have not. */
  aroundUnread(causality: Causality, place: { channelId: string; userId: string }, around: Around): Promise<string>;
  pinned(causality: Causality, channelId: string): Promise<string>;
  /** What the user has flagged, newest first, in the channels that they are in; empty ids: in all of them. */
  flagged(causality: Causality, userId: string, filter: FlaggedFilter): Promise<string>;
  /** The thread that `postId` belongs to, its root included; with a user, whether they follow it. */
  thread(causality: Causality, postId: string, collapsedFor?: string): Promise<string>;
  threadPart(causality: Causality, postId: string, part: ThreadPart): Promise<string>;
}

export interface Around extends ThreadsShown {
  readonly before: number;
  readonly after: number;
}

export interface FlaggedFilter {
  /** Of a team with the direct channels; empty for all. */
  readonly teamId: string;
  /** Of one channel; empty for all. */
  readonly channelId: string;
  readonly page: number;
  readonly perPage: number;
}

/** What one list request has found: the listed posts newest first, and the texts of all that are shown. */
interface Found {
  readonly listed: readonly ListedRow[];
  /** Candidates for being shown along: only those of listed threads are. */
  readonly extras: readonly ListedRow[];
}

export function createPostLists(database: Database): PostLists {
  const finder = createFinder(database);
  const whole = async (causality: Causality, statement: Statement, ...values: SqlValue[]): Promise<string> =>
    finder.print(causality, { ...(await finder.find(causality, statement, ...values)), next: '', previous: '' });

  return {
    page: (causality, channelId, options) => page(finder, causality, channelId, options),
    before: (causality, channelId, pivot, options) => before(finder, causality, { channelId, pivot, ...options }),
    after: (causality, channelId, pivot, options) => after(finder, causality, { channelId, pivot, ...options }),
    aroundUnread: (causality, place, around) => aroundUnread(finder, causality, place, around),
    threadPart: (causality, postId, part) => threadPart(finder, causality, postId, part),
    async channelState(causality, channelId) {
      const [row] = await database.read<{ state: string | null }>(causality, CHANNEL_STATE, channelId);
      return row?.state ?? '';
    },
    since: (causality, channelId, time, user) =>
      user === undefined
        ? whole(causality, SINCE.plain, channelId, time)
        : whole(causality, SINCE.collapsed, channelId, time, user),
    flagged: (causality, userId, { teamId, channelId, page: number, perPage }) =>
      whole(causality, FLAGGED, userId, teamId, channelId, perPage, number * perPage),
    pinned: (causality, channelId) => whole(causality, PINNED, channelId),
    thread: (causality, postId, user) =>
      user === undefined ? whole(causality, THREAD.plain, postId) : whole(causality, THREAD.collapsed, postId, user),
  };
}

type Shown = ThreadsShown & Pick<PageOptions, 'onState'>;

/** What all lists do: find rows, and print those that are shown. */
interface Finder {
  find(causality: Causality, statement: Statement, ...values: SqlValue[]): Promise<Found>;
  /** Of a page with one row more at its ends, whose ids are the cursors; in the page's own threads they are shown. */
  findPage(causality: Causality, shown: Shown, list: ListStatements, ...values: SqlValue[]): Promise<Found>;
  print(causality: Causality, list: PrintedList): Promise<string>;
}

function createFinder(database: Database): Finder {
  const find: Finder['find'] = async (causality, statement, ...values) => {
    const rows = await database.read<ListedRow>(causality, statement, ...values);
    return { listed: rows.filter((row) => row.listed), extras: rows.filter((row) => !row.listed) };
  };
  return {
    find,
    async findPage(causality, { skipThreads, collapsedFor, onState }, list, ...values) {
      const full = !skipThreads && collapsedFor === undefined;
      const found =
        collapsedFor === undefined
          ? await find(causality, list.plain, ...values, full)
          : await find(causality, list.collapsed, ...values, collapsedFor);
      const state = found.listed[0]?.state;
      if (state !== undefined) onState?.(state);
      const ends = full ? found.listed : found.listed.filter((row) => row.rootid === '');
      return { listed: found.listed, extras: [...found.extras, ...ends] };
    },
    async print(causality, list) {
      const read = <R extends Row>(statement: Statement, ...values: string[]): Promise<R[]> =>
        database.read<R>(causality, statement, ...values);
      const shown = [...list.listed, ...neededExtras(list)];
      const order = list.listed.map((row) => row.id);
      return postListJson(order, await listedTexts(read, shown), list);
    },
  };
}

async function page(finder: Finder, causality: Causality, channelId: string, options: PageOptions): Promise<string> {
  const { page: number, perPage } = options;
  if (number === 0) return newestPage(finder, causality, channelId, options);
  // One more at each end: their ids are the cursors.
  const offset = number * perPage - 1;
  const found = await finder.findPage(causality, options, PAGE, channelId, perPage + 2, offset);
  return finder.print(causality, {
    listed: found.listed.slice(1, 1 + perPage),
    extras: found.extras,
    next: idAt(found.listed, 0),
    previous: idAt(found.listed, 1 + perPage),
  });
}

async function newestPage(
  finder: Finder,
  causality: Causality,
  channelId: string,
  options: PageOptions,
): Promise<string> {
  const { perPage } = options;
  const found = await finder.findPage(causality, options, NEWEST_PAGE, channelId, perPage + 1);
  return finder.print(causality, {
    listed: found.listed.slice(0, perPage),
    extras: found.extras,
    next: '',
    previous: idAt(found.listed, perPage),
  });
}

interface PivotOptions extends PageOptions {
  readonly channelId: string;
  readonly pivot: string;
}

async function before(finder: Finder, causality: Causality, options: PivotOptions): Promise<string> {
  const { channelId, pivot, perPage } = options;
  const offset = options.page * perPage;
  const found = await finder.findPage(causality, options, BEFORE, channelId, pivot, perPage + 1, offset);
  const listed = found.listed.slice(0, perPage);
  return finder.print(causality, { listed, extras: found.extras, next: pivot, previous: idAt(found.listed, perPage) });
}

async function after(finder: Finder, causality: Causality, options: PivotOptions): Promise<string> {
  const { channelId, pivot, perPage } = options;
  const offset = options.page * perPage;
  const found = await finder.findPage(causality, options, AFTER, channelId, pivot, perPage + 1, offset);
  const surplus = Math.max(0, found.listed.length - perPage);
  return finder.print(causality, {
    listed: found.listed.slice(surplus),
    extras: found.extras,
    next: surplus === 0 ? '' : idAt(found.listed, 0),
    previous: pivot,
  });
}

async function aroundUnread(
  finder: Finder,
  causality: Causality,
  place: { readonly channelId: string; readonly userId: string },
  around: Around,
): Promise<string> {
  const ends = [place.channelId, place.userId] as const;
  const [read, unread] = await Promise.all([
    finder.findPage(causality, around, READ, ...ends, around.before + 1),
    finder.findPage(causality, around, UNREAD, ...ends, around.after + 1),
  ]);
  const surplus = Math.max(0, unread.listed.length - around.after);
  return finder.print(causality, {
    listed: [...unread.listed.slice(surplus), ...read.listed.slice(0, around.before)],
    extras: [...unread.extras, ...read.extras],
    next: surplus === 0 ? '' : idAt(unread.listed, 0),
    previous: idAt(read.listed, around.before),
  });
}

async function threadPart(finder: Finder, causality: Causality, postId: string, part: ThreadPart): Promise<string> {
  const down = part.direction === 'down';
  const end = down ? 0 : Number.MAX_SAFE_INTEGER;
  const from = part.fromCreateAt === 0 ? end : part.fromCreateAt;
  const list = down ? THREAD_DOWN : THREAD_UP;
  const values = [postId, from, part.fromPost, part.perPage + 1];
  const found =
    part.collapsedFor === undefined
      ? await finder.find(causality, list.plain, ...values)
      : await finder.find(causality, list.collapsed, ...values, part.collapsedFor);
  const hasNext = found.listed.length > part.perPage;
  const listed = down ? found.listed.slice(hasNext ? 1 : 0) : found.listed.slice(0, part.perPage);
  return finder.print(causality, { listed: [...listed, ...found.extras], extras: [], next: '', previous: '', hasNext });
}

interface PrintedList extends Found {
  readonly next: string;
  readonly previous: string;
  readonly hasNext?: boolean;
}

function idAt(rows: readonly ListedRow[], index: number): string {
  return rows[index]?.id ?? '';
}

/** Extras belong to listed replies; the cursors' own threads are not shown, and nothing is shown twice. */
function neededExtras({ listed, extras }: Found): readonly ListedRow[] {
  if (extras.length === 0) return extras;
  const roots = new Set(listed.map((row) => row.rootid));
  const shown = new Set(listed.map((row) => row.id));
  return extras.filter((row) => !shown.has(row.id) && roots.has(row.rootid === '' ? row.id : row.rootid));
}
