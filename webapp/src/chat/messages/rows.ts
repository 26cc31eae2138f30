import type { Post } from '../../../../contract/index.ts';
import { startOfDay } from '../../ui/index.ts';
import type { OutboxItem } from '../outbox/index.ts';
import type { ById, PostWindow } from '../state/index.ts';

/** One row of a message list. A message keeps its key from the moment of writing on, so that its row stays in place. */
export type Row =
  | { readonly kind: 'older' | 'beginning' | 'new' | 'gap' | 'newer'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'post'; readonly key: string; readonly post: Post; readonly grouped: boolean }
  | { readonly kind: 'pending'; readonly key: string; readonly item: OutboxItem; readonly grouped: boolean };

export interface RowsInput {
  readonly window: PostWindow;
  readonly posts: ById<Post>;
  readonly pending: readonly OutboxItem[];
  readonly myId: string;
  /** The user had read up to here (ms) when they came. */
  readonly readUpTo: number;
}

/** Posts of one author so close together share one heading. */
const groupTime = 5 * 60_000;

interface Said {
  readonly userId: string;
  readonly rootId: string;
  readonly at: number;
}

/** Joined, left, renamed: written by the server, not by a person. */
export const isSystemPost = (post: Post): boolean => post.type.startsWith('system_');

const saidOfPost = (post: Post): Said => ({ userId: post.user_id, rootId: post.root_id, at: post.create_at });

function isGrouped(before: Said | undefined, said: Said): boolean {
  return (
    before !== undefined &&
    before.userId === said.userId &&
    before.rootId === said.rootId &&
    said.at - before.at < groupTime
  );
}

/** The row that a message has while it waits and afterwards. */
export const rowKeyOf = (post: Post): string => post.pending_post_id || post.id;

class RowBuilder {
  readonly rows: Row[] = [];
  readonly #input: RowsInput;
  #before: Said | undefined;
  #day = -1;
  #newShown = false;

  constructor(input: RowsInput) {
    this.#input = input;
  }

  #mark(row: Row): void {
    this.rows.push(row);
    this.#before = undefined;
  }

  #dayOf(at: number): void {
    const day = startOfDay(at);
    // A message that waits since an earlier day stands at the end all the same.
    if (day <= this.#day) return;
    this.#day = day;
    this.#mark({ kind: 'day', key: `day-${day}`, at: day });
  }

  post(post: Post): void {
    this.#dayOf(post.create_at);
    const { myId, readUpTo } = this.#input;
    if (!this.#newShown && post.create_at > readUpTo && post.user_id !== myId) {
      this.#newShown = true;
      this.#mark({ kind: 'new', key: 'new' });
    }
    const said = saidOfPost(post);
    this.rows.push({ kind: 'post', key: rowKeyOf(post), post, grouped: isGrouped(this.#before, said) });
    // What the server noted has no heading that others could share.
    this.#before = isSystemPost(post) ? undefined : said;
  }

  pending(item: OutboxItem): void {
    const { entry } = item;
    this.#dayOf(entry.createdAt);
    const said = { userId: entry.userId, rootId: entry.rootId, at: entry.createdAt };
    this.rows.push({ kind: 'pending', key: entry.id, item, grouped: isGrouped(this.#before, said) });
    this.#before = said;
  }

  mark(kind: 'older' | 'beginning' | 'gap' | 'newer'): void {
    this.#mark({ kind, key: kind });
  }
}

/** The rows of a channel: its posts in the server's order, then what waits to be sent, in the order of writing. */
export function buildRows(input: RowsInput): Row[] {
  const { window, posts, pending } = input;
  const builder = new RowBuilder(input);
  const waiting = new Set(pending.map((item) => item.entry.id));
  builder.mark(window.hasOlder ? 'older' : 'beginning');
  for (const id of window.order) {
    const post = posts[id];
    // A post whose entry still has something to do (an edit on its way) shows as that entry.
    if (post && !waiting.has(post.pending_post_id)) builder.post(post);
  }
  if (window.gap) builder.mark('gap');
  if (window.hasNewer) builder.mark('newer');
  for (const item of pending) builder.pending(item);
  return builder.rows;
}

function isSameRow(a: Row, b: Row): boolean {
  if (a.kind === 'post') return b.kind === 'post' && a.post === b.post && a.grouped === b.grouped;
  if (a.kind === 'pending') return b.kind === 'pending' && a.item === b.item && a.grouped === b.grouped;
  return a.kind === b.kind;
}

/** Gives rows back as the very objects of the time before where they say the same: those need no new drawing. */
export function createRowMemory(): (next: readonly Row[]) => Row[] {
  let known = new Map<string, Row>();
  return (next) => {
    const rows = next.map((row) => {
      const before = known.get(row.key);
      return before && isSameRow(before, row) ? before : row;
    });
    known = new Map(rows.map((row) => [row.key, row]));
    return rows;
  };
}

/** The rows of a thread: the same, without days and marks. */
export function buildThreadRows(
  order: readonly string[],
  input: Pick<RowsInput, 'posts' | 'pending'>,
): Extract<Row, { kind: 'post' | 'pending' }>[] {
  const waiting = new Set(input.pending.map((item) => item.entry.id));
  const rows: ReturnType<typeof buildThreadRows> = [];
  for (const id of order) {
    const post = input.posts[id];
    if (post && post.delete_at === 0 && !waiting.has(post.pending_post_id)) {
      rows.push({ kind: 'post', key: rowKeyOf(post), post, grouped: false });
    }
  }
  for (const item of input.pending) rows.push({ kind: 'pending', key: item.entry.id, item, grouped: false });
  return rows;
}
