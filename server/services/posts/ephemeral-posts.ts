import type { EphemeralPostRequest, Post } from '../../../contract/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { may } from '../permissions/index.ts';
import { checkMessage } from './check-message.ts';
import { hashtagsOf } from './mentions.ts';
import type { People } from './people.ts';

export interface EphemeralPostsDeps {
  readonly access: ChannelAccesses;
  readonly people: People;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Posts that one user sees until their page is loaded anew: they are sent and never stored. */
export class EphemeralPosts {
  readonly #deps: EphemeralPostsDeps;

  constructor(deps: EphemeralPostsDeps) {
    this.#deps = deps;
  }

  async send(caller: Caller, { user_id: userId, post: wanted }: EphemeralPostRequest): Promise<Post> {
    const { access, people, publisher } = this.#deps;
    const { channel_id: channelId } = wanted;
    checkMessage(wanted.message, false);
    const mayRead = await access.find(caller, channelId);
    if (!may(caller, 'create_post_ephemeral', mayRead?.scope)) {
      throw new AppError('api.context.permissions.app_error');
    }
    if (mayRead === undefined) throw new AppError('app.channel.get.existing.app_error');
    if ((await people.byId(caller.causality, userId)) === undefined) {
      throw new AppError('app.user.missing_account.const');
    }
    const post = ephemeralPost(caller.userId, wanted, (this.#deps.now ?? Date.now)());
    publisher.publish({
      event: 'ephemeral_message',
      data: { post: JSON.stringify(post) },
      to: { user_id: userId, channel_id: channelId },
      token: caller.causality.token,
    });
    return post;
  }
}

function ephemeralPost(authorId: string, wanted: EphemeralPostRequest['post'], now: number): Post {
  return {
    id: newId(),
    create_at: now,
    update_at: now,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: authorId,
    channel_id: wanted.channel_id,
    root_id: wanted.root_id,
    original_id: '',
    message: wanted.message,
    type: 'system_ephemeral',
    props: wanted.props ?? {},
    hashtags: hashtagsOf(wanted.message),
    file_ids: [],
    pending_post_id: '',
    reply_count: 0,
    last_reply_at: 0,
    participants: null,
    has_reactions: false,
    metadata: {},
  };
}
