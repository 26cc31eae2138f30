import type { Post } from '../../../contract/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { PostStore } from '../../stores/posts/index.ts';
import type { FollowedThread, Follower, ThreadStore } from '../../stores/threads/index.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { NewReply, TellFollowers } from '../posts/index.ts';
import { threadText } from './thread-json.ts';

export interface ThreadNewsDeps {
  readonly threads: Pick<ThreadStore, 'followers'>;
  readonly posts: Pick<PostStore, 'byId'>;
  readonly publisher: Publisher;
  readonly logger: Logger;
}

/** Replies that are to be told of together, in their order. The caller is the last one's, who has seen them all. */
interface News {
  readonly caller: Caller;
  readonly replies: readonly NewReply[];
}

/**
 * Nobody waits for it: the reply is saved and its author is told so, whatever becomes of the news. One thread's news go
 * out one after the other, so that the last one heard is the newest; what is written meanwhile is told of at once.
 */
export function createThreadNews({ threads, posts, publisher, logger }: ThreadNewsDeps): TellFollowers {
  const waiting = new Map<string, News>();
  const underWay = new Set<string>();

  async function tell(rootId: string, { caller, replies }: News, last: Map<string, Follower>): Promise<void> {
    const { causality } = caller;
    const [root, followers] = await Promise.all([posts.byId(causality, rootId), threads.followers(causality, rootId)]);
    if (root === undefined || root.deleteAt > 0) return;
    const shared = rootParts(root.json);
    for (const follower of followers) {
      publisher.publish({
        event: 'thread_updated',
        data: { thread: threadText({ ...shared, ...follower }), ...previous(follower, replies, last) },
        to: { user_id: follower.userId },
        token: causality.token,
      });
      last.set(follower.userId, follower);
    }
  }

  async function tellAll(rootId: string, first: News): Promise<void> {
    const last = new Map<string, Follower>();
    for (let news: News | undefined = first; news !== undefined; news = waiting.get(rootId)) {
      waiting.delete(rootId);
      await tell(rootId, news, last).catch((error: unknown) =>
        logger.warn('thread_news_failed', { thread_id: rootId, error }),
      );
    }
    underWay.delete(rootId);
  }

  return (caller, reply) => {
    const { rootId } = reply;
    const replies = [...(waiting.get(rootId)?.replies ?? []), reply];
    waiting.set(rootId, { caller, replies });
    if (underWay.has(rootId)) return;
    underWay.add(rootId);
    void tellAll(rootId, { caller, replies });
  };
}

function rootParts(json: string): Omit<FollowedThread, keyof Follower> {
  const root = JSON.parse(json) as Post;
  return {
    id: root.id,
    channelId: root.channel_id,
    following: true,
    replyCount: root.reply_count,
    lastReplyAt: root.last_reply_at,
    participantIds: (root.participants ?? []).map((person) => person.id),
    deleteAt: root.delete_at,
    post: json,
  };
}

/**
 * What was unread before these replies; clients count their totals by the difference. `last` is what the follower was told
 * a moment ago. A reply that is read with them before its author is answered counts as one from before.
 */
function previous(follower: Follower, replies: readonly NewReply[], last: ReadonlyMap<string, Follower>) {
  const { unreadReplies, unreadMentions } = last.get(follower.userId) ?? beforeReplies(follower, replies);
  return { previous_unread_replies: unreadReplies, previous_unread_mentions: unreadMentions };
}

function beforeReplies(
  { userId, unreadReplies, unreadMentions }: Follower,
  replies: readonly NewReply[],
): Pick<Follower, 'unreadReplies' | 'unreadMentions'> {
  // Whoever has answered has read, and nobody knows any more how much was unread to them.
  if (replies.some((reply) => reply.authorId === userId)) return { unreadReplies: 0, unreadMentions: 0 };
  const mentioning = replies.filter((reply) => reply.mentioned.includes(userId));
  return {
    unreadReplies: Math.max(0, unreadReplies - replies.length),
    unreadMentions: Math.max(0, unreadMentions - mentioning.length),
  };
}
