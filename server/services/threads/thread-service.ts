import type { EventData } from '../../../contract/index.ts';
import type { PostStore, StoredPost } from '../../stores/posts/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import type { FollowedThread, ThreadPage, ThreadStore } from '../../stores/threads/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccess, ChannelAccesses } from '../channel-access/index.ts';
import { may, mayEditUser, mayReadContent, memberRoles } from '../permissions/index.ts';
import { type People, postsMentioning } from '../posts/index.ts';
import { type ShowPeople, threadText, threadTexts } from './thread-json.ts';

export interface ThreadServiceDeps {
  readonly threads: ThreadStore;
  readonly posts: Pick<PostStore, 'byId'>;
  readonly teams: Pick<TeamStore, 'member'>;
  readonly access: ChannelAccesses;
  readonly people: People;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Whose threads, seen from which team. */
export interface ThreadsPlace {
  readonly userId: string;
  readonly teamId: string;
}

export interface ThreadsQuery extends ThreadPage {
  /** Only how many there are. */
  readonly totalsOnly: boolean;
  /** Without counting them. */
  readonly threadsOnly: boolean;
}

const nothing = { total: 0, unreadThreads: 0, unreadMentions: 0 };
const forbidden = () => new AppError('api.context.permissions.app_error');
const notFollowed = () => new AppError('app.user.get_thread_membership_for_user.not_found');

/** The threads that a user follows: one's own, or those of others with the right to edit them. */
export class ThreadService {
  readonly #deps: ThreadServiceDeps;
  readonly #now: () => number;

  constructor(deps: ThreadServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Lists go out as JSON text. With `show` the participants are shown in full. */
  async list(caller: Caller, place: ThreadsPlace, query: ThreadsQuery, show?: ShowPeople): Promise<string> {
    if (query.before !== undefined && query.after !== undefined) {
      throw new AppError('api.getThreadsForUser.bad_params');
    }
    if (query.totalsOnly && query.threadsOnly) throw new AppError('api.getThreadsForUser.bad_only_params');
    await this.#requireView(caller, place);
    const { threads } = this.#deps;
    const [totals, page] = await Promise.all([
      query.threadsOnly ? nothing : threads.totals(caller.causality, place, query.deleted),
      query.totalsOnly ? [] : threads.page(caller.causality, place, query),
    ]);
    const counts = JSON.stringify({
      // As Mattermost has it: whoever asks for the unread ones is told how many of them there are.
      total: query.unread ? totals.unreadThreads : totals.total,
      total_unread_threads: totals.unreadThreads,
      total_unread_mentions: totals.unreadMentions,
      total_unread_urgent_mentions: 0,
    });
    const texts = await threadTexts(page, show);
    return `${counts.slice(0, -1)},"threads":[${texts.join(',')}]}`;
  }

  async one(caller: Caller, place: ThreadsPlace, threadId: string, show?: ShowPeople): Promise<string> {
    await this.#readable(caller, place, threadId);
    const [text] = await threadTexts([await this.#followed(caller, place, threadId)], show);
    return text as string;
  }

  /** Begins or ends to follow a thread, also one that nobody has replied to. */
  async follow(caller: Caller, place: ThreadsPlace, threadId: string, following: boolean): Promise<void> {
    const { post } = await this.#readable(caller, place, threadId);
    if (post.rootId !== '') throw new AppError('app.post.get.app_error');
    const { userId } = place;
    await this.#deps.threads.follow(caller.causality, { threadId, userId }, { following, at: this.#now() });
    const { reply_count } = JSON.parse(post.json) as { reply_count: number };
    this.#deps.publisher.publish({
      event: 'thread_follow_changed',
      data: { thread_id: threadId, state: following, reply_count },
      to: { user_id: userId, team_id: place.teamId },
      token: caller.causality.token,
    });
  }

  /** Puts the mark of what is read at a time, forwards or backwards. Answers the thread. */
  async markRead(caller: Caller, place: ThreadsPlace, threadId: string, readTo: number): Promise<string> {
    const { access } = await this.#readable(caller, place, threadId);
    const before = await this.#followed(caller, place, threadId);
    return this.#mark(caller, place, { before, readTo, isDirect: access.channel.type === 'D' });
  }

  /** Makes a post of the thread and all after it unread again; the thread is followed by that. Answers the thread. */
  async setUnread(caller: Caller, place: ThreadsPlace, threadId: string, postId: string): Promise<string> {
    const { access } = await this.#readable(caller, place, threadId);
    const post = await this.#deps.posts.byId(caller.causality, postId);
    if (post === undefined || post.deleteAt > 0) throw new AppError('app.post.get.app_error');
    if (post.rootId !== threadId && post.id !== threadId) {
      throw new AppError('app.user.update_thread_read_for_user_by_post.app_error');
    }
    const known = await this.#deps.threads.one(caller.causality, { threadId, userId: place.userId });
    if (known?.following !== true) await this.follow(caller, place, threadId, true);
    const before = await this.#followed(caller, place, threadId);
    const isDirect = access.channel.type === 'D';
    return this.#mark(caller, place, { before, readTo: post.createAt - 1, isDirect });
  }

  async markAllRead(caller: Caller, place: ThreadsPlace): Promise<void> {
    await this.#requireView(caller, place);
    const timestamp = this.#now();
    await this.#deps.threads.markAllRead(caller.causality, place, timestamp);
    this.#tellRead(caller, place, { timestamp });
  }

  async #mark(
    caller: Caller,
    place: ThreadsPlace,
    { before, readTo, isDirect }: { before: FollowedThread; readTo: number; isDirect: boolean },
  ): Promise<string> {
    const { threads } = this.#deps;
    const where = { threadId: before.id, userId: place.userId };
    const unreadMentions = await this.#mentionsAfter(caller, where, readTo, isDirect);
    const thread = await threads.markRead(caller.causality, where, { readTo, unreadMentions, at: this.#now() });
    if (thread === undefined) throw notFollowed();
    this.#tellRead(caller, place, {
      thread_id: thread.id,
      timestamp: readTo,
      unread_mentions: thread.unreadMentions,
      unread_replies: thread.unreadReplies,
      previous_unread_mentions: before.unreadMentions,
      previous_unread_replies: before.unreadReplies,
      channel_id: thread.channelId,
    });
    return threadText(thread);
  }

  /** How often the user is mentioned in the replies after a time. */
  async #mentionsAfter(
    caller: Caller,
    { threadId, userId }: { threadId: string; userId: string },
    time: number,
    isDirect: boolean,
  ): Promise<number> {
    const replies = await this.#deps.threads.repliesAfter(caller.causality, threadId, time);
    if (replies.length === 0) return 0;
    const person = await this.#deps.people.byId(caller.causality, userId);
    return person === undefined ? 0 : postsMentioning(person, isDirect, replies).length;
  }

  #tellRead(caller: Caller, { userId, teamId }: ThreadsPlace, data: EventData<'thread_read_changed'>): void {
    this.#deps.publisher.publish({
      event: 'thread_read_changed',
      data,
      to: { user_id: userId, team_id: teamId },
      token: caller.causality.token,
    });
  }

  /** @throws AppError 404 for who does not follow the thread. */
  async #followed(caller: Caller, { userId }: ThreadsPlace, threadId: string): Promise<FollowedThread> {
    const thread = await this.#deps.threads.one(caller.causality, { threadId, userId });
    if (thread?.following !== true) throw notFollowed();
    return thread;
  }

  /** @throws AppError 404 when there is no such post, 403 when the caller may not read its channel. */
  async #readable(
    caller: Caller,
    { userId }: ThreadsPlace,
    threadId: string,
  ): Promise<{ post: StoredPost; access: ChannelAccess }> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const post = await this.#deps.posts.byId(caller.causality, threadId);
    if (post === undefined || post.deleteAt > 0) throw new AppError('app.post.get.app_error');
    return { post, access: await this.#deps.access.require(caller, post.channelId, mayReadContent) };
  }

  async #requireView(caller: Caller, { userId, teamId }: ThreadsPlace): Promise<void> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const member = await this.#deps.teams.member(caller.causality, { teamId, userId: caller.userId });
    const team = member && { roles: memberRoles('team', member), delete_at: member.delete_at };
    if (!may(caller, 'view_team', { team })) throw forbidden();
    // Threads of others are of private and direct channels too.
    if (userId !== caller.userId && !may(caller, 'read_channel_content')) throw forbidden();
  }
}
