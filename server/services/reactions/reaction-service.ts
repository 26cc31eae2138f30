import type { Reaction } from '../../../contract/index.ts';
import type { PostStore, StoredPost } from '../../stores/posts/index.ts';
import type { ReactionStore } from '../../stores/reactions/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccess, ChannelAccesses } from '../channel-access/index.ts';
import { may, mayReadContent } from '../permissions/index.ts';

export interface ReactionServiceDeps {
  readonly reactions: ReactionStore;
  readonly posts: Pick<PostStore, 'byId' | 'byIds' | 'nextTime'>;
  readonly access: ChannelAccesses;
  readonly publisher: Publisher;
}

export interface ReactionOf {
  readonly postId: string;
  readonly userId: string;
  readonly emojiName: string;
}

const forbidden = () => new AppError('api.context.permissions.app_error');

export class ReactionService {
  readonly #deps: ReactionServiceDeps;

  constructor(deps: ReactionServiceDeps) {
    this.#deps = deps;
  }

  /** Adds one's own reaction; one that is there already is no error. */
  async add(caller: Caller, { postId, userId, emojiName }: ReactionOf): Promise<Reaction> {
    if (userId !== caller.userId) throw new AppError('api.reaction.save_reaction.user_id.app_error');
    const { post, access } = await this.#living(caller, postId);
    if (!may(caller, 'add_reaction', access.scope)) throw forbidden();
    if (access.channel.delete_at > 0) throw forbidden();
    const at = this.#deps.posts.nextTime(post.channelId);
    const added = await this.#deps.reactions.add(caller.causality, { postId, userId, emojiName, at });
    if (added === undefined) throw new AppError('app.post.get.app_error');
    if (added.isNew) this.#publish(caller, 'reaction_added', added.reaction);
    return added.reaction;
  }

  /** Removes a reaction; one that is not there is no error. */
  async remove(caller: Caller, { postId, userId, emojiName }: ReactionOf): Promise<void> {
    const { post, access } = await this.#living(caller, postId);
    const permission = userId === caller.userId ? 'remove_reaction' : 'remove_others_reactions';
    if (!may(caller, permission, access.scope)) throw forbidden();
    if (access.channel.delete_at > 0) throw forbidden();
    const at = this.#deps.posts.nextTime(post.channelId);
    const removed = await this.#deps.reactions.remove(caller.causality, { postId, userId, emojiName, at });
    if (!removed) return;
    this.#publish(caller, 'reaction_removed', {
      user_id: userId,
      post_id: postId,
      emoji_name: emojiName,
      create_at: at,
      update_at: at,
      delete_at: at,
      channel_id: post.channelId,
    });
  }

  async ofPost(caller: Caller, postId: string): Promise<Reaction[]> {
    await this.#living(caller, postId);
    return this.#deps.reactions.ofPost(caller.causality, postId);
  }

  /** The reactions by post; posts that the caller may not read are left out. */
  async ofPosts(caller: Caller, postIds: readonly string[]): Promise<Record<string, Reaction[]>> {
    const found = await this.#deps.posts.byIds(caller.causality, postIds);
    const readable: string[] = [];
    for (const post of found) {
      const access = await this.#deps.access.find(caller, post.channelId);
      if (access !== undefined && mayReadContent(caller, access.channel, access.scope)) readable.push(post.id);
    }
    return this.#deps.reactions.ofPosts(caller.causality, readable);
  }

  /** @throws AppError 404 when there is no such post, 403 when the caller may not read its channel. */
  async #living(caller: Caller, postId: string): Promise<{ post: StoredPost; access: ChannelAccess }> {
    const post = await this.#deps.posts.byId(caller.causality, postId);
    if (post === undefined || post.deleteAt > 0) throw new AppError('app.post.get.app_error');
    return { post, access: await this.#deps.access.require(caller, post.channelId, mayReadContent) };
  }

  #publish(caller: Caller, event: 'reaction_added' | 'reaction_removed', reaction: Reaction): void {
    this.#deps.publisher.publish({
      event,
      data: { reaction: JSON.stringify(reaction) },
      to: { channel_id: reaction.channel_id },
      token: caller.causality.token,
    });
  }
}
