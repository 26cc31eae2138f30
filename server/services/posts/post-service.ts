import { type Channel, type CreatePostRequest, type PatchPostRequest } from '../../../contract/index.ts';
import type { FileStore, StoredFile } from '../../stores/files/index.ts';
import type { Around, PageOptions, PostStore, StoredPost, ThreadPart } from '../../stores/posts/index.ts';
import { AppError } from '../base/app-error.ts';
import { type Caller, isSystemAdmin } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccess, ChannelAccesses } from '../channel-access/index.ts';

import { may, mayDeletePost, mayEditPost, mayPost, mayReadContent } from '../permissions/index.ts';
import { editedProps } from './bot-props.ts';
import { checkMessage } from './check-message.ts';
import { changedFiles, type PostChange, restoredContent } from './edit-files.ts';
import { hashtagsOf } from './mentions.ts';
import type { WritePost } from './write-post.ts';

export interface PostServiceDeps {
  readonly posts: PostStore;
  readonly files: Pick<FileStore, 'ofCreator'>;
  readonly access: ChannelAccesses;
  readonly write: WritePost;
  readonly publisher: Publisher;
}

/** What `GET /channels/{id}/posts` may ask for; the first of `since`, `after`, `before` that is given counts. */
export interface ListQuery extends PageOptions {
  readonly since?: number | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Posts and lists go out as JSON text. */
export class PostService {
  readonly #deps: PostServiceDeps;

  constructor(deps: PostServiceDeps) {
    this.#deps = deps;
  }

  /** Posts. The same pending id again gives the stored post, in whatever state it is. */
  async create(caller: Caller, request: CreatePostRequest, setOnline: boolean): Promise<string> {
    const { channel_id: channelId, message = '', root_id: rootId = '', props = {} } = request;
    const fileIds = [...new Set(request.file_ids)];
    checkMessage(message, fileIds.length > 0 || props['attachments'] !== undefined);
    const { channel, scope } = await this.#deps.access.require(caller, channelId, mayPost);
    const pendingPostId = request.pending_post_id ?? '';
    return this.#deps.write(caller, {
      channel,
      message,
      rootId,
      props,
      pendingPostId,
      files: await this.#wantedFiles(caller, fileIds, pendingPostId),
      mayCallEveryone: may(caller, 'use_channel_mentions', scope),
      // Whoever may post without a place in the channel is not refused for having none.
      membersOnly: !mayPost(caller, channel, { team: scope.team }),
      setOnline,
    });
  }

  /** Which of the caller's own posts with these pending ids are stored, as the master knows it. */
  stored(caller: Caller, pendingIds: readonly string[]): Promise<string[]> {
    return this.#deps.posts.stored(caller.userId, pendingIds);
  }

  /** Changes text, props, files or pin of a post that is not deleted. */
  async patch(caller: Caller, id: string, patch: PatchPostRequest): Promise<string> {
    const { post, access } = await this.#living(caller, id);
    const onlyPin = patch.message === undefined && patch.props === undefined && patch.file_ids === undefined;
    const allowed = onlyPin
      ? mayPost(caller, access.channel, access.scope)
      : mayEditPost(caller, { user_id: post.userId }, access.scope);
    if (!allowed) throw forbidden();
    refuseArchived(access.channel);
    if (!onlyPin && post.type.startsWith('system_'))
      throw new AppError('api.post.update_post.system_message.app_error');
    if (patch.message !== undefined) checkMessage(patch.message, true);
    return this.#change(caller, post, {
      ...(await changedFiles(this.#deps.files, caller, post, patch.file_ids)),
      ...(patch.message === undefined ? {} : { message: patch.message, hashtags: hashtagsOf(patch.message) }),
      ...(patch.props === undefined ? {} : { props: JSON.stringify(editedProps(post, patch.props)) }),
      ...(patch.is_pinned === undefined ? {} : { isPinned: patch.is_pinned }),
    });
  }

  /** Gives an own post the text and the files back that it had before; `versionId` is one of its history. */
  async restore(caller: Caller, id: string, versionId: string): Promise<string> {
    const { post, access } = await this.#living(caller, id);
    const mayRestore = post.userId === caller.userId && mayEditPost(caller, { user_id: post.userId }, access.scope);
    if (!mayRestore) throw forbidden();
    refuseArchived(access.channel);
    const versions = await this.#deps.posts.history(caller.causality, id);
    const version = versions.find((former) => former.id === versionId);
    if (version === undefined) throw missing();
    return this.#change(caller, post, restoredContent(caller, post, version));
  }

  /** Pins or unpins; everybody who reads the channel may. */
  async setPinned(caller: Caller, id: string, isPinned: boolean): Promise<void> {
    const { post, access } = await this.#living(caller, id);
    refuseArchived(access.channel);
    await this.#change(caller, post, { isPinned });
  }

  /** Deletes a post and its replies. */
  async delete(caller: Caller, id: string): Promise<void> {
    const { post, access } = await this.#living(caller, id);
    if (!mayDeletePost(caller, { user_id: post.userId }, access.scope)) throw forbidden();
    refuseArchived(access.channel);
    const place = { id, channelId: post.channelId, rootId: post.rootId };
    const deleted = await this.#deps.posts.delete(caller.causality, place);
    if (deleted === undefined) throw missing();
    this.#tellDeleted(caller, deleted);
  }

  /** A post that is not deleted; admins see deleted ones when they ask for them. */
  async get(caller: Caller, id: string, includeDeleted: boolean): Promise<string> {
    if (includeDeleted && !isSystemAdmin(caller)) throw forbidden();
    const { post } = await this.#readable(caller, id);
    if (post.deleteAt > 0 && !includeDeleted) throw missing();
    return post.json;
  }

  /** Those of the posts that exist, are not deleted and that the caller may read. */
  async byIds(caller: Caller, ids: readonly string[]): Promise<string> {
    const found = (await this.#deps.posts.byIds(caller.causality, ids)).filter((post) => post.deleteAt === 0);
    const readable = await Promise.all(found.map((post) => this.#mayRead(caller, post.channelId)));
    return `[${found
      .filter((_, index) => readable[index])
      .map((post) => post.json)
      .join(',')}]`;
  }

  async list(caller: Caller, channelId: string, query: ListQuery): Promise<string> {
    const { posts, access } = this.#deps;
    await access.require(caller, channelId, mayReadContent);
    if (query.since !== undefined) {
      return posts.since(caller.causality, channelId, query.since, query.collapsedFor);
    }
    if (query.after !== undefined) return posts.after(caller.causality, channelId, query.after, query);
    if (query.before !== undefined) return posts.before(caller.causality, channelId, query.before, query);
    return posts.page(caller.causality, channelId, query);
  }

  /** What changes with every change of what the channel's posts show. */
  async channelState(caller: Caller, channelId: string): Promise<string> {
    await this.#deps.access.require(caller, channelId, mayReadContent);
    return this.#deps.posts.channelState(caller.causality, channelId);
  }

  async pinned(caller: Caller, channelId: string): Promise<string> {
    await this.#deps.access.require(caller, channelId, mayReadContent);
    return this.#deps.posts.pinned(caller.causality, channelId);
  }

  /** The posts around the first one that the user has not read. Only one's own. */
  async aroundUnread(caller: Caller, place: { channelId: string; userId: string }, around: Around): Promise<string> {
    if (place.userId !== caller.userId) throw forbidden();
    await this.#deps.access.require(caller, place.channelId, mayReadContent);
    return this.#deps.posts.aroundUnread(caller.causality, place, around);
  }

  /** The thread of any of its posts; `part` bounds it. */
  async thread(
    caller: Caller,
    postId: string,
    part: ThreadPart | { collapsedFor: string | undefined },
  ): Promise<string> {
    await this.#living(caller, postId);
    const { posts } = this.#deps;
    if (!('direction' in part)) return posts.thread(caller.causality, postId, part.collapsedFor);
    if (part.fromPost === '' || part.fromCreateAt > 0) return posts.threadPart(caller.causality, postId, part);
    const from = await posts.byId(caller.causality, part.fromPost);
    return posts.threadPart(caller.causality, postId, { ...part, fromCreateAt: from?.createAt ?? 0 });
  }

  /** The texts that a post had before, newest first; for those who may edit it. */
  async history(caller: Caller, id: string): Promise<string> {
    const { post, access } = await this.#living(caller, id);
    if (!mayEditPost(caller, { user_id: post.userId }, access.scope)) throw forbidden();
    const versions = await this.#deps.posts.history(caller.causality, id);
    return `[${versions.map((version) => version.json).join(',')}]`;
  }

  /**
   * The files that a post asks for. Whether they may hang on it, the writing statement judges; here they are only looked
   * up, to be shown with it. Those of a post that is stored already may be gone.
   */
  async #wantedFiles(caller: Caller, ids: readonly string[], pendingPostId: string): Promise<StoredFile[]> {
    if (ids.length === 0) return [];
    const found = await this.#deps.files.ofCreator(caller.userId, ids);
    if (found.size < ids.length) {
      const stored = pendingPostId === '' ? [] : await this.stored(caller, [pendingPostId]);
      if (stored.length === 0) throw new AppError('api.post.create_post.files.app_error');
    }
    return ids.map((id) => found.get(id)).filter((file) => file !== undefined);
  }

  async #change(caller: Caller, { id, channelId }: StoredPost, change: PostChange): Promise<string> {
    const { posts } = this.#deps;
    const { files, ...patch } = { ...change, historyId: newId() };
    const place = { id, channelId };
    const changed =
      files === undefined
        ? await posts.patch(caller.causality, place, patch)
        : await posts.patchFiles(caller.causality, place, { ...patch, files });
    if (changed === undefined) throw missing();
    if (changed === 'files') throw new AppError('api.post.create_post.files.app_error');
    this.#tellEdited(caller, changed);
    return changed.json;
  }

  #tellEdited(caller: Caller, { json: post, channelId }: StoredPost): void {
    const { token } = caller.causality;
    this.#deps.publisher.publish({ event: 'post_edited', data: { post }, to: { channel_id: channelId }, token });
  }

  /** Who has done it is for system admins. */
  #tellDeleted(caller: Caller, { json: post, channelId }: StoredPost): void {
    const shared = { event: 'post_deleted', to: { channel_id: channelId }, token: caller.causality.token } as const;
    this.#deps.publisher.publish({ ...shared, data: { post }, exceptAdmins: true });
    this.#deps.publisher.publish({ ...shared, data: { post, delete_by: caller.userId }, adminsOnly: true });
  }

  /** @throws AppError 404 when there is no such post, 403 when the caller may not read its channel. */
  async #readable(caller: Caller, id: string): Promise<{ post: StoredPost; access: ChannelAccess }> {
    const post = await this.#deps.posts.byId(caller.causality, id);
    if (post === undefined) throw missing();
    return { post, access: await this.#deps.access.require(caller, post.channelId, mayReadContent) };
  }

  /** The same for a post that is not deleted. */
  async #living(caller: Caller, id: string): Promise<{ post: StoredPost; access: ChannelAccess }> {
    const found = await this.#readable(caller, id);
    if (found.post.deleteAt > 0) throw missing();
    return found;
  }

  async #mayRead(caller: Caller, channelId: string): Promise<boolean> {
    const access = await this.#deps.access.find(caller, channelId);
    return access !== undefined && mayReadContent(caller, access.channel, access.scope);
  }
}

function missing(): AppError {
  return new AppError('app.post.get.app_error');
}

function forbidden(): AppError {
  return new AppError('api.context.permissions.app_error');
}

function refuseArchived(channel: Channel): void {
  if (channel.delete_at > 0) throw new AppError('api.post.create_post.can_not_post_to_deleted.error');
}
