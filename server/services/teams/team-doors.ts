import type { Team, TeamMember } from '../../../contract/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { SystemPosts } from '../posts/index.ts';
import { presentTeamMember } from './present-team.ts';

export interface TeamDoorsDeps {
  readonly teams: TeamStore;
  readonly channels: Pick<ChannelStore, 'byId' | 'byName'>;
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
    await this.#announce(caller, team, userId, entered.defaultChannels);
    return presentTeamMember(entered.member);
  }

  /** Tells of the first member of a new team. */
  async announceFounder(caller: Caller, team: Team): Promise<void> {
    const { channels } = this.#deps;
    const found = await Promise.all(
      ['town-square', 'off-topic'].map((name) => channels.byName(caller.causality, team.id, name)),
    );
    await this.#announce(
      caller,
      team,
      caller.userId,
      found.filter((channel) => channel !== undefined),
    );
  }

  async leave(caller: Caller, teamId: string, userId: string): Promise<void> {
    const { teams, channels, notes, publisher } = this.#deps;
    await teams.removeMember(caller.causality, { teamId, userId, at: this.#now() });
    publisher.publish({
      event: 'leave_team',
      data: { team_id: teamId, user_id: userId },
      to: { team_id: teamId },
      token: caller.causality.token,
    });
    const townSquare = await channels.byName(caller.causality, teamId, 'town-square');
    if (townSquare === undefined) return;
    const kind = userId === caller.userId ? 'leave_team' : 'remove_from_team';
    await notes.post(caller, townSquare, { kind, userId });
  }

  async #announce(
    caller: Caller,
    team: Team,
    userId: string,
    defaultChannels: readonly { readonly id: string; readonly name: string }[],
  ): Promise<void> {
    const { channels, notes, publisher } = this.#deps;
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
    for (const { id, name } of defaultChannels) {
      const channel = await channels.byId(caller.causality, id);
      if (channel === undefined) continue;
      // The team's own channel tells of the team, the others of themselves.
      const place = name === 'town-square' ? 'team' : 'channel';
      await notes.post(caller, channel, { kind: isOwn ? `join_${place}` : `add_to_${place}`, userId });
    }
  }
}
