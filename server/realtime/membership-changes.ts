import type { OutgoingEvent } from '../services/index.ts';

/** A user enters or leaves a channel or a team. `teamId` is empty for direct channels. */
export type MembershipChange =
  | { readonly kind: 'channel-joined'; readonly userId: string; readonly channelId: string; readonly teamId: string }
  | { readonly kind: 'channel-left'; readonly userId: string; readonly channelId: string }
  | { readonly kind: 'team-joined' | 'team-left'; readonly userId: string; readonly teamId: string };

/** What an event says about memberships; most events say nothing. */
export function membershipChanges(event: OutgoingEvent): readonly MembershipChange[] {
  const { to } = event;
  if (is(event, 'user_added')) {
    return joined(event.data.user_id, to.channel_id, event.data.team_id);
  }
  if (is(event, 'channel_created')) {
    return joined(to.user_id, event.data.channel_id, event.data.team_id);
  }
  if (is(event, 'direct_added')) {
    const { creator_id, teammate_id } = event.data;
    return [...joined(creator_id, to.channel_id, ''), ...joined(teammate_id, to.channel_id, '')];
  }
  if (is(event, 'group_added')) {
    const memberIds = JSON.parse(event.data.teammate_ids) as string[];
    return memberIds.flatMap((userId) => joined(userId, to.channel_id, ''));
  }
  if (is(event, 'user_removed')) {
    // Sent twice: to the channel with the user's id, to the user with the channel's id.
    const userId = event.data.user_id ?? to.user_id;
    const channelId = event.data.channel_id ?? to.channel_id;
    return userId && channelId ? [{ kind: 'channel-left', userId, channelId }] : [];
  }
  if (is(event, 'added_to_team') || is(event, 'leave_team')) {
    const { user_id: userId, team_id: teamId } = event.data;
    return [{ kind: event.event === 'leave_team' ? 'team-left' : 'team-joined', userId, teamId }];
  }
  return [];
}

function joined(userId: string | undefined, channelId: string | undefined, teamId: string): MembershipChange[] {
  return userId && channelId ? [{ kind: 'channel-joined', userId, channelId, teamId }] : [];
}

type NamedEvent = OutgoingEvent['event'];
function is<N extends NamedEvent>(event: OutgoingEvent, name: N): event is OutgoingEvent<N> & { readonly event: N } {
  return event.event === name;
}
