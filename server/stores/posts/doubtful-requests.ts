import type { NewPost } from './new-post.ts';

/** Enough for every client's outbox after a long outage; the oldest go first. */
const maximum = 20_000;

/**
 * Requests that ended in an error of the database although their post may have been saved: nobody was told of it. When such
 * a request comes again and finds its post, it counts as the one that made it, so that its event leaves after all.
 */
export class DoubtfulRequests {
  readonly #keys = new Set<string>();

  note(post: NewPost): void {
    if (post.pendingPostId === '') return;
    this.#keys.add(keyOf(post));
    const [oldest] = this.#keys;
    if (this.#keys.size > maximum && oldest !== undefined) this.#keys.delete(oldest);
  }

  /** Whether it was in doubt until now. */
  settle(post: NewPost): boolean {
    return this.#keys.delete(keyOf(post));
  }
}

/** Pending ids are unique for their author. */
export function keyOf({ userId, pendingPostId }: NewPost): string {
  return `${userId}:${pendingPostId}`;
}
