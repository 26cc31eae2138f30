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

/**
 * Nobody waits for it: the reply is saved and its author is told so, whatever becomes of the news. One thread's news go
 * out one after the other, so that the last one heard is the newest.
 */
export function createThreadNews({ threads, posts, publisher, logger }: ThreadNewsDeps): TellFollowers {
  const underWay = new Map<string, Promise<void>>();

  async function tell(caller: Caller, reply: NewReply): Promise<void> {
    const { causality } = caller;
    const [root, followers] = await Promise.all([
      posts.byId(causality, reply.rootId),
      threads.followers(causality, reply.rootId),
    ]);
    if (root === undefined || root.deleteAt > 0) return;
    const shared = rootParts(root.json);
    for (const follower of followers) {
      const thread: FollowedThread = { ...shared, ...follower };
      publisher.publish({
        event: 'thread_updated',
        data: { thread: threadText(thread), ...previous(follower, reply) },
        to: { user_id: follower.userId },
        token: causality.token,
      });
    }
  }

  return (caller, reply) => {
    const before = underWay.get(reply.rootId);
    const news = (before === undefined ? tell(caller, reply) : before.then(() => tell(caller, reply)))
      .catch((error: unknown) => logger.warn('thread_news_failed', { thread_id: reply.rootId, error }))
      .finally(() => {
        if (underWay.get(reply.rootId) === news) underWay.delete(reply.rootId);
      });
    underWay.set(reply.rootId, news);
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

/** What was unread before this reply; clients count their totals by the difference. */
function previous(follower: Follower, { authorId, mentioned }: NewReply) {
  const isOwn = follower.userId === authorId;
  const before = (count: number, grew: boolean): number => (isOwn ? 0 : Math.max(0, count - (grew ? 1 : 0)));
  return {
    previous_unread_replies: before(follower.unreadReplies, true),
    previous_unread_mentions: before(follower.unreadMentions, mentioned.includes(follower.userId)),
  };
}
