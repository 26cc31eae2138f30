import type { Logger } from '../../observability/index.ts';
import type { Caller } from '../base/caller.ts';
import type { People } from './people.ts';
import type { PostChannel, WritePost } from './write-post.ts';

/** What the server tells a channel about its members and itself, in the name of who did it. */
export type SystemNote =
  | {
      readonly kind: 'join_channel' | 'leave_channel' | 'join_team' | 'leave_team';
      /** Who comes or goes. */
      readonly userId: string;
    }
  | {
      readonly kind: 'add_to_channel' | 'remove_from_channel' | 'add_to_team' | 'remove_from_team';
      /** Whom the caller has added or removed. */
      readonly userId: string;
    }
  | {
      readonly kind: 'header_change' | 'purpose_change' | 'displayname_change';
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'channel_deleted' | 'channel_restored' };

export interface SystemPosts {
  /** Posts the note. A note that cannot be posted is logged: what it tells of has happened all the same. */
  post(caller: Caller, channel: PostChannel, note: SystemNote): Promise<void>;
}

export interface SystemPostsDeps {
  readonly people: People;
  readonly write: WritePost;
  readonly logger: Logger;
}

interface Text {
  readonly message: string;
  readonly props: Readonly<Record<string, string>>;
}

const changed: Readonly<Record<string, string>> = {
  header_change: 'channel header',
  purpose_change: 'channel purpose',
  displayname_change: 'channel display name',
};

export function createSystemPosts({ people, write, logger }: SystemPostsDeps): SystemPosts {
  const nameOf = async (caller: Caller, userId: string): Promise<string> =>
    (await people.byId(caller.causality, userId))?.username ?? '';

  async function textOf(caller: Caller, note: SystemNote): Promise<Text> {
    const username = await nameOf(caller, caller.userId);
    if ('from' in note) return changeText(username, note);
    if (!('userId' in note)) {
      const verb = note.kind === 'channel_deleted' ? 'archived' : 'restored';
      return { message: `${username} ${verb} the channel.`, props: { username } };
    }
    const other = note.userId === caller.userId ? username : await nameOf(caller, note.userId);
    return memberText(username, other, note);
  }

  return {
    async post(caller, channel, note) {
      try {
        const { message, props } = await textOf(caller, note);
        await write(caller, {
          channel,
          message,
          props,
          type: `system_${note.kind}`,
          mayCallEveryone: false,
          // Who has just left, and an admin from outside, speak all the same.
          membersOnly: false,
          setOnline: false,
        });
      } catch (error) {
        logger.warn('system_post_failed', { kind: note.kind, channel_id: channel.id, error });
      }
    },
  };
}

function changeText(username: string, note: Extract<SystemNote, { from: string }>): Text {
  const what = changed[note.kind] ?? '';
  const property = note.kind.replace('_change', '');
  return {
    message: `${username} updated the ${what} from: ${note.from} to: ${note.to}`,
    props: { username, [`old_${property}`]: note.from, [`new_${property}`]: note.to },
  };
}

function memberText(username: string, other: string, note: Extract<SystemNote, { userId: string }>): Text {
  const place = note.kind.endsWith('team') ? 'team' : 'channel';
  const ids = { userId: note.userId };
  switch (note.kind) {
    case 'join_channel':
    case 'join_team':
      return { message: `${username} joined the ${place}.`, props: { username } };
    case 'leave_channel':
    case 'leave_team':
      return { message: `${username} has left the ${place}.`, props: { username } };
    case 'add_to_channel':
    case 'add_to_team':
      return {
        message: `@${other} added to the ${place} by ${username}.`,
        props: { ...ids, username, addedUserId: note.userId, addedUsername: other },
      };
    case 'remove_from_channel':
    case 'remove_from_team':
      return {
        message: `${other} was removed from the ${place}.`,
        props: { username, removedUserId: note.userId, removedUsername: other },
      };
  }
}
