import type { Channel, ChannelMember } from '../../../contract/index.ts';
import type { ChannelMemberRecord, ChannelStore } from '../../stores/channels/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { adminFlagOfRoles } from '../base/member-role.ts';
import type { Publisher } from '../base/publisher.ts';
import { may, mayEditUser, mayJoinChannel, mayManageChannelMembers, mayPost } from '../permissions/index.ts';
import type { SystemPosts } from '../posts/index.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { DEFAULT_CHANNEL } from './channel-service.ts';
import { presentChannelMember } from './present-member.ts';

export interface ChannelMemberServiceDeps {
  readonly channels: ChannelStore;
  readonly teams: Pick<TeamStore, 'member'>;
  readonly access: ChannelAccesses;
  readonly notes: SystemPosts;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface MemberOf {
  readonly channelId: string;
  readonly userId: string;
}

const forbidden = () => new AppError('api.context.permissions.app_error');
const missing = () => new AppError('app.channel.get_member.missing.app_error');

/** Who is in a channel: joining, adding, leaving, removing, and each member's settings. */
export class ChannelMemberService {
  readonly #deps: ChannelMemberServiceDeps;
  readonly #now: () => number;

  constructor(deps: ChannelMemberServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Joins, or takes somebody in. A member stays as they are. */
  async add(caller: Caller, { channelId, userId }: MemberOf): Promise<ChannelMember> {
    const isOwn = userId === caller.userId;
    const { channel } = await this.#deps.access.require(
      caller,
      channelId,
      (who, asked, scope) => mayManageChannelMembers(who, asked, scope) || (isOwn && mayJoinChannel(who, asked, scope)),
    );
    refuseDirect(channel);
    if (channel.delete_at > 0) throw new AppError('api.channel.archived.app_error');
    const existing = await this.#deps.channels.member(caller.causality, { channelId, userId });
    if (existing !== undefined) return presentChannelMember(existing);
    await this.#requireInTeam(caller, channel, userId);
    const place = { channelId, userId, at: this.#now() };
    const member = await this.#deps.channels.addMember(caller.causality, place);
    if (member === undefined) throw new AppError('app.channel.get.existing.app_error');
    this.#deps.publisher.publish({
      event: 'user_added',
      data: { user_id: userId, team_id: channel.team_id },
      to: { channel_id: channelId },
      token: caller.causality.token,
    });
    await this.#deps.notes.post(caller, channel, { kind: isOwn ? 'join_channel' : 'add_to_channel', userId });
    return presentChannelMember(member);
  }

  /** Leaves, or takes somebody out. */
  async remove(caller: Caller, { channelId, userId }: MemberOf): Promise<void> {
    const isOwn = userId === caller.userId;
    const { channel } = await this.#deps.access.require(
      caller,
      channelId,
      (who, asked, scope) => isOwn || mayManageChannelMembers(who, asked, scope),
    );
    refuseDirect(channel);
    if (channel.name === DEFAULT_CHANNEL) {
      throw new AppError('api.channel.leave.default.app_error', { params: { name: DEFAULT_CHANNEL } });
    }
    const existing = await this.#deps.channels.member(caller.causality, { channelId, userId });
    if (existing === undefined) throw missing();
    await this.#deps.channels.removeMember(caller.causality, { channelId, userId, at: this.#now() });
    this.#publishRemoved(caller, channelId, userId);
    await this.#deps.notes.post(caller, channel, { kind: isOwn ? 'leave_channel' : 'remove_from_channel', userId });
  }

  /** The one who left hears it first: they are not in the channel any more when it is told there. */
  #publishRemoved(caller: Caller, channelId: string, userId: string): void {
    const { publisher } = this.#deps;
    const { token } = caller.causality;
    publisher.publish({
      event: 'user_removed',
      data: { channel_id: channelId, remover_id: caller.userId },
      to: { user_id: userId },
      token,
    });
    publisher.publish({
      event: 'user_removed',
      data: { user_id: userId, remover_id: caller.userId },
      to: { channel_id: channelId },
      token,
    });
  }

  async list(caller: Caller, channelId: string, page: number, perPage: number): Promise<ChannelMember[]> {
    await this.#deps.access.require(caller, channelId);
    const members = await this.#deps.channels.members(caller.causality, channelId, page, perPage);
    return members.map(presentChannelMember);
  }

  async byIds(caller: Caller, channelId: string, userIds: readonly string[]): Promise<ChannelMember[]> {
    await this.#deps.access.require(caller, channelId);
    const members = await this.#deps.channels.membersByIds(caller.causality, channelId, userIds);
    return members.map(presentChannelMember);
  }

  async get(caller: Caller, place: MemberOf): Promise<ChannelMember> {
    await this.#deps.access.require(caller, place.channelId);
    const member = await this.#deps.channels.member(caller.causality, place);
    if (member === undefined) throw missing();
    return presentChannelMember(member);
  }

  /** The user's places in the channels of a team and in direct ones. */
  async ofUserInTeam(caller: Caller, userId: string, teamId: string): Promise<ChannelMember[]> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const members = await this.#deps.channels.membershipsInTeam(caller.causality, userId, teamId);
    return members.map(presentChannelMember);
  }

  async ofUser(caller: Caller, userId: string, page: number, perPage: number): Promise<ChannelMember[]> {
    if (!mayEditUser(caller, userId)) throw forbidden();
    const members = await this.#deps.channels.memberships(caller.causality, userId, page, perPage);
    return members.map(presentChannelMember);
  }

  /** Changes the given settings and leaves the others. */
  async patchNotifyProps(caller: Caller, place: MemberOf, patch: Readonly<Record<string, string>>): Promise<void> {
    if (!mayEditUser(caller, place.userId)) throw forbidden();
    const { channels } = this.#deps;
    const existing = await channels.member(caller.causality, place);
    if (existing === undefined) throw missing();
    const props = { ...existing.notify_props, ...patch };
    this.#tellChanged(caller, await channels.setNotifyProps(caller.causality, { ...place, at: this.#now() }, props));
  }

  /** `roles` as the API shows them: `channel_user channel_admin` or less. */
  setRoles(caller: Caller, place: MemberOf, roles: string): Promise<void> {
    return this.setAdmin(caller, place, adminFlagOfRoles('channel', roles));
  }

  async setAdmin(caller: Caller, place: MemberOf, isAdmin: boolean): Promise<void> {
    const { channel } = await this.#deps.access.require(caller, place.channelId, (who, _channel, scope) =>
      may(who, 'manage_channel_roles', scope),
    );
    refuseDirect(channel);
    const member = await this.#deps.channels.setAdmin(caller.causality, { ...place, at: this.#now() }, isAdmin);
    this.#tellChanged(caller, member);
  }

  /** Tells the others of a channel that the user writes, in a thread when `parentId` is not empty. */
  async typing(caller: Caller, { channelId, userId }: MemberOf, parentId: string): Promise<void> {
    if (userId !== caller.userId && !may(caller, 'manage_system')) throw forbidden();
    await this.#deps.access.require(caller, channelId, mayPost);
    this.#deps.publisher.publish({
      event: 'typing',
      data: { parent_id: parentId, user_id: userId },
      to: { channel_id: channelId, omit_users: { [userId]: true } },
      token: caller.causality.token,
    });
  }

  #tellChanged(caller: Caller, member: ChannelMemberRecord | undefined): void {
    if (member === undefined) throw missing();
    this.#deps.publisher.publish({
      event: 'channel_member_updated',
      data: { channelMember: JSON.stringify(presentChannelMember(member)) },
      to: { user_id: member.user_id },
      token: caller.causality.token,
    });
  }

  async #requireInTeam(caller: Caller, channel: Channel, userId: string): Promise<void> {
    const member = await this.#deps.teams.member(caller.causality, { teamId: channel.team_id, userId });
    if (member === undefined || member.delete_at > 0) throw new AppError('api.channel.not_in_team.app_error');
  }
}

function refuseDirect(channel: Channel): void {
  if (channel.type === 'D' || channel.type === 'G') throw new AppError('api.channel.direct_members.app_error');
}
