import type { User } from '../../../contract/index.ts';
import type { FollowedThread } from '../../stores/threads/index.ts';

/** Shows the people of these ids; unknown ones are left out. */
export type ShowPeople = (ids: readonly string[]) => Promise<readonly User[]>;

/** Threads as JSON texts; their posts are texts already. Participants are only ids without `show`. */
export async function threadTexts(threads: readonly FollowedThread[], show?: ShowPeople): Promise<string[]> {
  const ids = new Set(threads.flatMap((thread) => thread.participantIds));
  const people = show === undefined || ids.size === 0 ? [] : await show([...ids]);
  const shown = new Map(people.map((person) => [person.id, person]));
  return threads.map((thread) => threadText(thread, shown));
}

/** One thread as JSON text. */
export function threadText(thread: FollowedThread, shown?: ReadonlyMap<string, User>): string {
  const members = JSON.stringify({
    id: thread.id,
    reply_count: thread.replyCount,
    last_reply_at: thread.lastReplyAt,
    last_viewed_at: thread.lastViewedAt,
    participants: thread.participantIds.map((id) => shown?.get(id) ?? { id }),
    unread_replies: thread.unreadReplies,
    unread_mentions: thread.unreadMentions,
    is_following: thread.following,
    is_urgent: false,
    delete_at: thread.deleteAt,
  });
  return `${members.slice(0, -1)},"post":${thread.post}}`;
}
