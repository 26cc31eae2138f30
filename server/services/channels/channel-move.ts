import type { Channel } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { may } from '../permissions/index.ts';
import type { ChannelMemberService } from './channel-member-service.ts';
import { DEFAULT_CHANNEL } from './channel-service.ts';
import { refuseTakenName } from './make-once.ts';

export interface ChannelMoveDeps {
  readonly channels: ChannelStore;
  readonly teams: Pick<TeamStore, 'byId'>;
  readonly access: ChannelAccesses;
  readonly members: Pick<ChannelMemberService, 'remove'>;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Moving a channel into another team; for admins. */
export class ChannelMove {
  readonly #deps: ChannelMoveDeps;

  constructor(deps: ChannelMoveDeps) {
    this.#deps = deps;
  }

  /** Members who are not in the other team stand in the way, unless `force` takes them out. */
  async move(caller: Caller, channelId: string, wanted: { teamId: string; force: boolean }): Promise<Channel> {
    if (!may(caller, 'manage_system')) throw new AppError('api.context.permissions.app_error');
    const { channels, teams, access, now = Date.now } = this.#deps;
    const { channel } = await access.require(caller, channelId);
    refuseFixed(channel);
    const team = await teams.byId(caller.causality, wanted.teamId);
    if (team === undefined || team.delete_at > 0) throw new AppError('app.team.get.find.app_error');
    if (channel.team_id === team.id) return channel;
    const memberIds = await this.#membersOf(caller, channelId, wanted);
    const change = { id: channelId, from: channel.team_id, to: team.id, at: now() };
    const moved = await refuseTakenName(channels.move(caller.causality, change));
    if (moved === undefined) throw new AppError('app.channel.get.existing.app_error');
    this.#announce(caller, moved, memberIds);
    return moved;
  }

  /** Those who come along. */
  async #membersOf(caller: Caller, channelId: string, { teamId, force }: { teamId: string; force: boolean }) {
    const members = await this.#deps.channels.membersByTeam(caller.causality, channelId, teamId);
    const outsiders = members.filter(({ isInTeam }) => !isInTeam);
    if (outsiders.length > 0 && !force) throw new AppError('app.channel.move_channel.members_do_not_match.error');
    for (const { userId } of outsiders) await this.#deps.members.remove(caller, { channelId, userId });
    return members.filter(({ isInTeam }) => isInTeam).map(({ userId }) => userId);
  }

  /** The members' clients meet the channel as a new one of the other team. */
  #announce(caller: Caller, channel: Channel, memberIds: readonly string[]): void {
    const { publisher } = this.#deps;
    const { token } = caller.causality;
    const data = { channel_id: channel.id, team_id: channel.team_id };
    publisher.publish({
      event: 'channel_updated',
      data: { channel: JSON.stringify(channel) },
      to: { channel_id: channel.id },
      token,
    });
    for (const userId of memberIds) {
      publisher.publish({ event: 'channel_created', data, to: { user_id: userId }, token });
    }
  }
}

function refuseFixed({ type, name }: Channel): void {
  if (type === 'D' || type === 'G') throw new AppError('api.channel.move_channel.type.invalid');
  if (name === DEFAULT_CHANNEL) {
    throw new AppError('api.channel.delete.default.app_error', { params: { name: DEFAULT_CHANNEL } });
  }
}
