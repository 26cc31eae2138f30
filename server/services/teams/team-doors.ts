import type { Team, TeamMember } from '../../../contract/index.ts';
import type { TeamStore, TouchedChannel } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { PostChannel, SystemPosts } from '../posts/index.ts';
import { presentTeamMember } from './present-team.ts';

export interface TeamDoorsDeps {
  readonly teams: TeamStore;
  readonly notes: SystemPosts;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Coming and going: the writes, what everybody hears of them, and the notes in the default channels. */
export class TeamDoors {
  readonly #deps: TeamDoorsDeps;
  readonly #now: () => number;

  constructor(deps: TeamDoorsDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Makes the user a member of the team and of its default channels; a member stays as they are. */
  async enter(caller: Caller, team: Team, userId: string): Promise<TeamMember> {
    const { teams } = this.#deps;
    const existing = await teams.member(caller.causality, { teamId: team.id, userId });
    if (existing?.delete_at === 0) return presentTeamMember(existing);
    const entered = await teams.addMember(caller.causality, { teamId: team.id, userId, at: this.#now() });
    if (entered === undefined) throw new AppError('app.team.get.find.app_error');
    const channels = entered.defaultChannels.map((channel) => postChannel(team.id, channel));
    await this.#announce(caller, team, userId, channels);
    return presentTeamMember(entered.member);
  }

  /** Tells of the first member of a new team. */
  announceFounder(caller: Caller, team: Team, channels: readonly PostChannel[]): Promise<void> {
    return this.#announce(caller, team, caller.userId, channels);
  }

  async leave(caller: Caller, teamId: string, userId: string): Promise<void> {
    const { teams, notes, publisher } = this.#deps;
    const left = await teams.removeMember(caller.causality, { teamId, userId, at: this.#now() });
    publisher.publish({
      event: 'leave_team',
      data: { team_id: teamId, user_id: userId },
      to: { team_id: teamId },
      token: caller.causality.token,
    });
    const townSquare = left.find((channel) => channel.name === 'town-square');
    if (townSquare === undefined) return;
    const kind = userId === caller.userId ? 'leave_team' : 'remove_from_team';
    await notes.post(caller, postChannel(teamId, townSquare), { kind, userId });
  }

  async #announce(caller: Caller, team: Team, userId: string, defaultChannels: readonly PostChannel[]): Promise<void> {
    const { notes, publisher } = this.#deps;
    const { token } = caller.causality;
    publisher.publish({
      event: 'added_to_team',
      data: { team_id: team.id, user_id: userId },
      to: { user_id: userId },
      token,
    });
    for (const { id } of defaultChannels) {
      publisher.publish({
        event: 'user_added',
        data: { user_id: userId, team_id: team.id },
        to: { channel_id: id },
        token,
      });
    }
    const isOwn = userId === caller.userId;
    for (const channel of defaultChannels) {
      // The team's own channel tells of the team, the others of themselves.
      const place = channel.name === 'town-square' ? 'team' : 'channel';
      await notes.post(caller, channel, { kind: isOwn ? `join_${place}` : `add_to_${place}`, userId });
    }
  }
}

function postChannel(teamId: string, { id, name, displayname, type }: TouchedChannel): PostChannel {
  return { id, name, display_name: displayname, type, team_id: teamId };
}
