import type { Channel } from '../../../contract/index.ts';
import type { StoredFile } from '../../stores/files/index.ts';
import type { CreatedPost, Follow, PostRefusal, PostStore } from '../../stores/posts/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import { presentFile } from '../files/index.ts';
import { propsOfAuthor } from './bot-props.ts';
import { hashtagsOf, mentionedNames, mentionsOf } from './mentions.ts';
import type { People, PostPeople } from './people.ts';

export interface WritePostDeps {
  readonly posts: PostStore;
  readonly people: People;
  readonly publisher: Publisher;
  readonly tellFollowers: TellFollowers;
}

/** A reply that has been written. */
export interface NewReply {
  readonly rootId: string;
  readonly authorId: string;
  /** Whose unread mentions went up. */
  readonly mentioned: readonly string[];
}

/** Tells everybody who follows a thread of a new reply. */
export type TellFollowers = (caller: Caller, reply: NewReply) => void;

/** What a post and its event need to know of their channel. */
export type PostChannel = Pick<Channel, 'id' | 'type' | 'name' | 'display_name' | 'team_id'>;

/** A post on its way in; the rules have said yes. */
export interface PostDraft {
  readonly channel: PostChannel;
  readonly message: string;
  readonly rootId?: string;
  readonly pendingPostId?: string;
  readonly type?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  /** Uploads of the caller, in the order in which they are to be shown. */
  readonly files?: readonly StoredFile[];
  /** Whether `@channel` is heard. */
  readonly mayCallEveryone: boolean;
  /** Whether the author must be a member when it is written. */
  readonly membersOnly: boolean;
  /** Whether posting shows the author as online. */
  readonly setOnline: boolean;
}

/** Writes a post for the caller and tells the channel. Returns the post as JSON text: the stored one for a repeat. */
export type WritePost = (caller: Caller, draft: PostDraft) => Promise<string>;

/** What people post and what the server posts goes through here: mentions, the write, the event. */
export function createPostWriting({ posts, people, publisher, tellFollowers }: WritePostDeps): WritePost {
  return async (caller, draft) => {
    const { channel, message, rootId = '', files = [] } = draft;
    const id = newId();
    const names = mentionedNames(message);
    const { author, byName, thread } = await people.around(caller.causality, {
      authorId: caller.userId,
      usernames: names.groups.flat(),
      rootId,
    });
    const mentions = mentionsOf({
      authorId: caller.userId,
      names,
      directTo: otherOf(channel, caller.userId),
      mayCallEveryone: draft.mayCallEveryone,
      byName,
      rootAuthor: thread.author,
      participants: thread.participants,
    });
    const isBot = author?.isBot === true;
    const result = await posts.create(caller.causality, {
      id,
      userId: caller.userId,
      channelId: channel.id,
      rootId,
      pendingPostId: draft.pendingPostId ?? '',
      type: draft.type ?? '',
      message,
      props: JSON.stringify(propsOfAuthor(draft.props ?? {}, isBot)),
      hashtags: hashtagsOf(message),
      fileIds: files.map((file) => file.id),
      files: files.length === 0 ? '' : JSON.stringify(files.map((file) => presentFile(file, id))),
      // What a bot writes, nobody has read.
      marksRead: !isBot,
      membersOnly: draft.membersOnly,
      mentions: mentions.userIds,
      mentionsEveryone: mentions.everyone,
      follows: rootId === '' ? [] : followsOf(mentions.named, thread),
    });
    if (result.outcome === 'refused') throw refusalOf(result.reason);
    if (result.outcome === 'created') {
      publishPosted(publisher, { caller, draft, result, sender: author?.username ?? '', isBot });
      if (rootId === '') return result.json;
      people.threadChanged(rootId);
      const mentioned = mentions.everyone ? result.mentioned : mentions.named;
      tellFollowers(caller, { rootId, authorId: caller.userId, mentioned });
    }
    return result.json;
  };
}

/** Whom a reply brings into its thread: who is mentioned, the author of the root, and whom the root names. */
function followsOf(mentioned: readonly string[], { author, named }: PostPeople['thread']): Follow[] {
  const others = author === undefined ? named : [author.id, ...named];
  return [
    ...mentioned.map((userId) => ({ userId, mentioned: true })),
    ...others.map((userId) => ({ userId, mentioned: false })),
  ];
}

const refusals = {
  archived: 'api.post.create_post.can_not_post_to_deleted.error',
  not_member: 'api.context.permissions.app_error',
  no_channel: 'app.channel.get.existing.app_error',
  root: 'api.post.create_post.root_id.app_error',
  files: 'api.post.create_post.files.app_error',
} as const;

function refusalOf(reason: PostRefusal): AppError {
  return new AppError(refusals[reason]);
}

/** The other one of a direct channel; oneself in the channel with oneself. */
function otherOf(channel: PostChannel, userId: string): string | undefined {
  if (channel.type !== 'D') return undefined;
  return channel.name.split('__').find((id) => id !== userId) ?? userId;
}

interface Posted {
  readonly caller: Caller;
  readonly draft: PostDraft;
  readonly result: Extract<CreatedPost, { json: string }>;
  readonly sender: string;
  readonly isBot: boolean;
}

function publishPosted(publisher: Publisher, { caller, draft, result, sender, isBot }: Posted): void {
  const { channel } = draft;
  publisher.publish({
    event: 'posted',
    data: {
      post: result.json,
      channel_type: channel.type,
      channel_display_name: channel.type === 'D' ? `@${sender}` : channel.display_name,
      channel_name: channel.name,
      sender_name: `@${sender}`,
      team_id: channel.team_id,
      set_online: draft.setOnline && !isBot,
      ...(result.mentioned.length === 0 ? {} : { mentions: JSON.stringify(result.mentioned) }),
      ...kindsOf(draft.files ?? []),
    },
    to: { channel_id: channel.id },
    token: caller.causality.token,
  });
}

/** What Mattermost's clients are told of files before they have looked at the post. */
function kindsOf(files: readonly StoredFile[]): { otherFile?: 'true'; image?: 'true' } {
  if (files.length === 0) return {};
  const hasPicture = files.some((file) => file.mimeType.startsWith('image/'));
  return { otherFile: 'true', ...(hasPicture ? { image: 'true' } : {}) };
}
