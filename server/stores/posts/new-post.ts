/** A post that is about to be written. Ids and texts are final; its time is given by the store. */
export interface NewPost {
  readonly id: string;
  readonly userId: string;
  readonly channelId: string;
  /** The thread's first post, or empty. */
  readonly rootId: string;
  /** Made by the client, or empty. Unique per user for ever: a repeat gives the stored post. */
  readonly pendingPostId: string;
  /** Empty for people's posts, `system_...` for those of the server. */
  readonly type: string;
  readonly message: string;
  /** JSON object as text. */
  readonly props: string;
  readonly hashtags: string;
  /** Unattached uploads of the author in this channel; they are attached together with the post, or it is refused. */
  readonly fileIds: readonly string[];
  /** The same files as the API shows them with this post, as a JSON list; empty without files. */
  readonly files: string;
  /** Whether posting means having read the channel: true for people, false for bots and webhooks. */
  readonly marksRead: boolean;
  /** Whether the author must be a member at the moment of writing. */
  readonly membersOnly: boolean;
  /** Users whose mention counters go up, when they are members and not the author. */
  readonly mentions: readonly string[];
  /** `@channel`, `@all` and `@here`: every member who has not switched it off, in channels of at most 1,000. */
  readonly mentionsEveryone: boolean;
  /** Of a reply: who follows its thread from now on, when they are members. Its author does in any case. */
  readonly follows: readonly Follow[];
}

/** Somebody whom a reply brings into its thread. */
export interface Follow {
  readonly userId: string;
  /** By name, or as one of all: counted, and stronger than having stopped following. */
  readonly mentioned: boolean;
}

/** Why a post was not written. */
export type PostRefusal = 'no_channel' | 'archived' | 'not_member' | 'root' | 'files';

export type CreatedPost =
  | {
      /**
       * `created` by this call, or by an earlier one with the same pending id that ended in an error; or found `repeated`:
       * stored by an earlier one that was answered. Whoever made it tells the channel.
       */
      readonly outcome: 'created' | 'repeated';
      readonly id: string;
      readonly createAt: number;
      /** The post as the API and the events show it. */
      readonly json: string;
      /** The members whose counters went up. Empty for `repeated`. */
      readonly mentioned: readonly string[];
    }
  | { readonly outcome: 'refused'; readonly reason: PostRefusal };
