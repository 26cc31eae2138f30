import type { Database } from '../../database/index.ts';
import { ChannelClock } from './channel-clock.ts';
import { createPostChanges, type PostChanges } from './change-posts.ts';
import { type CreatePost, createPostWriter } from './create-posts.ts';
import { createPostLists, type PostLists } from './list-posts.ts';
import { createMentionReads, type MentionReads } from './mention-reads.ts';
import { createStoredPosts, type StoredPosts } from './stored-posts.ts';

export interface PostStore extends PostLists, PostChanges, MentionReads, StoredPosts {
  /**
   * Writes a post, its thread, its channel's counters, its author's and the mentioned members' counters: all or nothing,
   * together with whatever other posts wait at that moment. Posts of one channel are written in the order of the calls.
   * The same post again, or another with the same pending id, changes nothing and gives the stored one.
   *
   * @throws DatabaseError of kind `overload` when too many posts wait already.
   */
  readonly create: CreatePost;
  /** The next time in a channel: for changes that are written elsewhere and must sort with those of its posts. */
  nextTime(channelId: string): number;
}

export interface PostStoreOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** One store per process: it holds the process's clock of each channel and its write combiner. */
export function createPostStore(database: Database, options: PostStoreOptions = {}): PostStore {
  const clock = new ChannelClock(options.now ?? Date.now);
  return {
    ...createPostLists(database),
    ...createPostChanges(database, clock),
    ...createMentionReads(database),
    ...createStoredPosts(database),
    create: createPostWriter(database, clock),
    nextTime: (channelId) => clock.next(channelId),
  };
}
