import type { Channel } from '../../../contract/index.ts';
import type { Caller } from '../base/caller.ts';
import type { Grants } from '../base/grants.ts';
import type { Permission } from './names.ts';
import type { RoleName } from './roles.ts';

/** A place in a team or a channel: its `roles` as the API shows them (`team_user team_admin`). Left = `delete_at` set. */
export interface Membership {
  readonly roles: string;
  readonly delete_at?: number;
}

/** Where a permission is asked for. Whoever is no member there leaves it out. */
export interface Scope {
  readonly team?: Membership | undefined;
  readonly channel?: Membership | undefined;
}

/**
 * Whether any of the caller's roles, here or above, brings the permission: channel, then team, then system. System admins
 * may everything, whatever stands in the table: nobody can be locked out by a change of a role.
 */
export function may(caller: Caller, permission: Permission, scope: Scope = {}): boolean {
  if (caller.roles.includes('system_admin' satisfies RoleName)) return true;
  return (
    brings(caller.grants, scope.channel, permission) ||
    brings(caller.grants, scope.team, permission) ||
    caller.roles.some((role) => caller.grants.get(role)?.has(permission) === true)
  );
}

function brings(grants: Grants, membership: Membership | undefined, permission: Permission): boolean {
  if (membership === undefined || (membership.delete_at ?? 0) > 0) return false;
  return membership.roles.split(' ').some((role) => grants.get(role)?.has(permission) === true);
}

/** The roles that a member's flags and explicit roles make together, as `roles` of a member in the API. */
export function memberRoles(
  scope: 'team' | 'channel',
  member: { readonly scheme_user: boolean; readonly scheme_admin: boolean; readonly explicit_roles: string },
): string {
  const roles = member.explicit_roles === '' ? [] : member.explicit_roles.split(' ');
  if (member.scheme_user) roles.push(`${scope}_user`);
  if (member.scheme_admin) roles.push(`${scope}_admin`);
  return roles.join(' ');
}

/**
 * What the roles that somebody is given make of a member: an admin or not. Undefined when one of them is no role here.
 * There are no guests, so whoever is a member is one in full.
 */
export function adminFlagOf(scope: 'team' | 'channel', roles: string): boolean | undefined {
  const names = roles.split(' ').filter(Boolean);
  const isKnown = names.every((name) => name === `${scope}_user` || name === `${scope}_admin`);
  return isKnown && names.length > 0 ? names.includes(`${scope}_admin`) : undefined;
}

/** Own account, or the right to change other people's. */
export function mayEditUser(caller: Caller, userId: string): boolean {
  return caller.userId === userId || may(caller, 'edit_other_users');
}

type ChannelKind = Pick<Channel, 'type'>;

/** The messages and files of a channel. Who looks after channels in the System Console knows of all of them, and reads only their own. */
export function mayReadContent(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return (
    may(caller, 'read_channel_content', scope) || (channel.type === 'O' && may(caller, 'read_public_channel', scope))
  );
}

/** The channel itself and who is in it. Members see it; an open one is also seen by everybody of its team. */
export function mayReadChannel(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(caller, 'read_channel', scope) || (channel.type === 'O' && may(caller, 'read_public_channel', scope));
}

export function mayPost(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(caller, 'create_post', scope) || (channel.type === 'O' && may(caller, 'create_post_public', scope));
}

export function mayUpload(caller: Caller, _channel: ChannelKind, scope: Scope): boolean {
  return may(caller, 'upload_file', scope);
}

/** Open channels are joined by oneself; into others somebody has to be taken. */
export function mayJoinChannel(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return channel.type === 'O' && may(caller, 'join_public_channels', scope);
}

export function mayCreateChannel(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(caller, channel.type === 'O' ? 'create_public_channel' : 'create_private_channel', scope);
}

/** Name, header, purpose. In direct and group channels every member may. */
export function mayChangeChannel(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(
    caller,
    channel.type === 'O' ? 'manage_public_channel_properties' : 'manage_private_channel_properties',
    scope,
  );
}

export function mayArchiveChannel(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(caller, channel.type === 'O' ? 'delete_public_channel' : 'delete_private_channel', scope);
}

/** Adding and removing others. */
export function mayManageChannelMembers(caller: Caller, channel: ChannelKind, scope: Scope): boolean {
  return may(caller, channel.type === 'O' ? 'manage_public_channel_members' : 'manage_private_channel_members', scope);
}

export function mayEditPost(caller: Caller, post: { readonly user_id: string }, scope: Scope): boolean {
  return may(caller, post.user_id === caller.userId ? 'edit_post' : 'edit_others_posts', scope);
}

export function mayDeletePost(caller: Caller, post: { readonly user_id: string }, scope: Scope): boolean {
  return may(caller, post.user_id === caller.userId ? 'delete_post' : 'delete_others_posts', scope);
}
