import type { Post, PostList, Reaction, ServerEvent } from '../../../../contract/index.ts';
import { changeOf } from './events.ts';
import { takeNews } from './store.ts';
import { makeEvent, makePage, makePost, postedEvent } from './testing.ts';

const testPageSize = 3;

/** The posts of `town` on the server, and the events that are on their way from it, in order. */
export class TestServer {
  readonly #posts = new Map<string, Post>();
  #events: ServerEvent[] = [];
  #time = 0;

  living(): Post[] {
    return [...this.#posts.values()].filter((post) => post.delete_at === 0).map((post) => this.#shown(post));
  }

  /** One of the living posts that begin a thread, or could. */
  root(pick: number): Post | undefined {
    return pickOf(
      this.living().filter((post) => post.root_id === ''),
      pick,
    );
  }

  post(rootId: string): void {
    const post = makePost((this.#time += 1), { root_id: rootId });
    this.#posts.set(post.id, post);
    this.#countReplies(rootId, post.create_at);
    this.#tell(postedEvent(this.#shown(post)));
  }

  edit(pick: number): void {
    const id = pickOf(this.living(), pick)?.id;
    const at = this.#tick();
    if (id !== undefined) this.#tellChange('post_edited', this.#change(id, { message: `at ${at}`, update_at: at }));
  }

  /** With its replies. */
  delete(pick: number): void {
    const id = pickOf(this.living(), pick)?.id;
    const at = this.#tick();
    if (id === undefined) return;
    const gone = this.living().filter((post) => post.id === id || post.root_id === id);
    for (const post of gone) this.#change(post.id, { delete_at: at, update_at: at, message: '' });
    const post = this.#posts.get(id);
    this.#countReplies(post?.root_id ?? '', at);
    this.#tellChange('post_deleted', post);
  }

  /** Bob reacts, or takes it back. */
  react(pick: number): void {
    const post = pickOf(this.living(), pick);
    const at = this.#tick();
    if (!post) return;
    const emoji_name = pick % 2 ? 'up' : 'down';
    const all = post.metadata.reactions ?? [];
    const others = all.filter((each) => each.emoji_name !== emoji_name);
    const event = others.length === all.length ? 'reaction_added' : 'reaction_removed';
    const reaction = { user_id: 'bob', post_id: post.id, emoji_name, channel_id: 'town' };
    const full: Reaction = { ...reaction, create_at: at, update_at: at, delete_at: 0 };
    const reactions = event === 'reaction_added' ? [...others, full] : others;
    this.#change(post.id, { update_at: at, metadata: { reactions } });
    this.#tell(makeEvent(event, { reaction: JSON.stringify(full) }));
  }

  /** So many of the events arrive at the page, the oldest first. */
  deliver(count: number): void {
    for (const event of this.#events.splice(0, count)) takeNews(changeOf(event, 0));
  }

  loseEvents(): void {
    this.#events = [];
  }

  /** Ids of the newest posts. */
  newest(count: number): string[] {
    return [...this.#posts.keys()].slice(this.#posts.size - count);
  }

  /** The newest posts are gone, as when a master is lost before they were copied. */
  losePosts(count: number): void {
    const lost = new Set(this.newest(count));
    for (const id of lost) {
      const rootId = this.#posts.get(id)?.root_id ?? '';
      this.#posts.delete(id);
      this.#countReplies(rootId, this.#posts.get(rootId)?.update_at ?? 0);
    }
    for (const post of this.#posts.values()) if (lost.has(post.root_id)) this.#posts.delete(post.id);
  }

  /** Everything that changed since, deleted posts as well. */
  since(time: number): PostList {
    return makePage([...this.#posts.values()].filter((post) => post.update_at > time).map((post) => this.#shown(post)));
  }

  /** A page as the server lists it. A deleted post is still a place to begin from. */
  page(kind: 'oldest' | 'newest' | 'older' | 'newer', from = ''): PostList {
    const all = this.living();
    const at = this.#posts.get(from)?.create_at ?? 0;
    const before = all.filter((post) => post.create_at < at).length;
    const upTo = all.filter((post) => post.create_at <= at).length;
    const start = { oldest: 0, newest: all.length - testPageSize, older: before - testPageSize, newer: upTo }[kind];
    const end = { oldest: testPageSize, newest: all.length, older: before, newer: upTo + testPageSize }[kind];
    const next = all[end]?.id ?? '';
    return makePage(all.slice(Math.max(0, start), end), { next, previous: all[start - 1]?.id ?? '' });
  }

  thread(rootId: string): PostList {
    return makePage(this.living().filter((post) => post.id === rootId || post.root_id === rootId));
  }

  #tick(): number {
    return 1_000 + (this.#time += 1);
  }

  #tell(event: ServerEvent): void {
    this.#events.push(event);
  }

  #tellChange(event: 'post_edited' | 'post_deleted', post: Post | undefined): void {
    if (post) this.#tell(makeEvent(event, { post: JSON.stringify(this.#shown(post)) }));
  }

  #change(id: string, fields: Partial<Post>): Post | undefined {
    const post = this.#posts.get(id);
    if (post) this.#posts.set(id, { ...post, ...fields });
    return this.#posts.get(id);
  }

  #countReplies(rootId: string, at: number): void {
    const replies = this.living().filter((post) => post.root_id === rootId);
    const last_reply_at = replies.at(-1)?.create_at ?? 0;
    if (rootId !== '') this.#change(rootId, { reply_count: replies.length, last_reply_at, update_at: at });
  }

  /** Every post of a thread shows how many replies the thread has. */
  #shown(post: Post): Post {
    const { reply_count, last_reply_at } = this.#posts.get(post.root_id) ?? post;
    return { ...post, reply_count, last_reply_at };
  }
}

function pickOf<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}
