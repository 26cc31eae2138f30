import type { ChannelUnread, TeamUnread, ViewChannelResponse } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import type { CountedPost, PostStore } from '../../stores/posts/index.ts';
import type { ThreadStore } from '../../stores/threads/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import { mayEditUser } from '../permissions/index.ts';
import { type People, postsMentioning } from '../posts/index.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';

export interface ReadingServiceDeps {
  readonly channels: ChannelStore;
  readonly posts: Pick<PostStore, 'byId' | 'countedFrom'>;
  readonly threads: Pick<ThreadStore, 'unreadByTeam'>;
  readonly access: ChannelAccesses;
  readonly people: People;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

const forbidden = () => new AppError('api.context.permissions.app_error');

/** What each member has read. */
export class ReadingService {
  readonly #deps: ReadingServiceDeps;
  readonly #now: () => number;

  constructor(deps: ReadingServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Marks channels as read to their ends; blanks and channels that the user is not in are passed over. */
  async view(caller: Caller, userId: string, channelIds: readonly string[]): Promise<ViewChannelResponse> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const ids = channelIds.filter((id) => id !== '');
    const times = ids.length === 0 ? {} : await this.#deps.channels.view(caller.causality, userId, ids, this.#now());
    for (const channelId of Object.keys(times)) {
      this.#deps.publisher.publish({
        event: 'channel_viewed',
        data: { channel_id: channelId },
        to: { user_id: userId },
        token: caller.causality.token,
      });
    }
    return { status: 'OK', last_viewed_at_times: times };
  }

  async unread(caller: Caller, userId: string, channelId: string): Promise<ChannelUnread> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const unread = await this.#deps.channels.unread(caller.causality, { channelId, userId });
    if (unread === undefined) throw new AppError('app.channel.get_member.missing.app_error');
    return { ...unread, notify_props: { ...unread.notify_props } };
  }

  /** Unread messages and mentions of the user's teams; their unread threads too when they are asked for. */
  async teamsUnread(caller: Caller, userId: string, withThreads: boolean): Promise<TeamUnread[]> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const { channels, threads } = this.#deps;
    const [teams, byTeam] = await Promise.all([
      channels.teamsUnread(caller.causality, userId),
      withThreads ? threads.unreadByTeam(caller.causality, userId) : undefined,
    ]);
    if (byTeam === undefined) return teams;
    return teams.map((team) => {
      const { unread = 0, mentions = 0 } = byTeam.get(team.team_id) ?? {};
      return { ...team, thread_count: unread, thread_mention_count: mentions, thread_urgent_mention_count: 0 };
    });
  }

  /** Makes a post and everything after it unread again. `msg_count` of the answer is what has been read. */
  async setUnread(caller: Caller, userId: string, postId: string): Promise<ChannelUnread> {
    if (userId !== caller.userId) throw forbidden();
    const { posts, channels, access } = this.#deps;
    const post = await posts.byId(caller.causality, postId);
    if (post === undefined || post.deleteAt > 0) throw new AppError('app.post.get.app_error');
    const { channel } = await access.require(caller, post.channelId);
    const unread = await posts.countedFrom(caller.causality, post.channelId, post.createAt);
    const mentions = await this.#mentioning(caller, channel.type === 'D', unread);
    const place = { channelId: post.channelId, userId };
    const mark = {
      lastViewedAt: post.createAt - 1,
      unread: unread.length,
      unreadRoot: unread.filter(isRoot).length,
      mentions: mentions.length,
      mentionsRoot: mentions.filter(isRoot).length,
      at: this.#now(),
    };
    const marked = await channels.setUnread(caller.causality, place, mark);
    if (marked === undefined) throw new AppError('app.channel.get_member.missing.app_error');
    const { notify_props, urgent_mention_count, ...told } = marked;
    this.#deps.publisher.publish({
      event: 'post_unread',
      data: { ...told, post_id: postId },
      to: { user_id: userId },
      token: caller.causality.token,
    });
    return { ...marked, notify_props: { ...notify_props } };
  }

  /** Those of the posts that mention the caller. */
  async #mentioning(caller: Caller, isDirect: boolean, posts: readonly CountedPost[]): Promise<readonly CountedPost[]> {
    const self = await this.#deps.people.byId(caller.causality, caller.userId);
    return self === undefined ? [] : postsMentioning(self, isDirect, posts);
  }
}

function isRoot(post: CountedPost): boolean {
  return post.rootid === '';
}
