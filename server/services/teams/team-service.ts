import type { CreateTeamRequest, Team, TeamMember, TeamsPage } from '../../../contract/index.ts';
import { type Causality, DatabaseError } from '../../database/index.ts';
import { TEAM_NAME_INDEX, type TeamPatch, type TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { adminFlagOfRoles } from '../base/member-role.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import { may, memberRoles, type Scope } from '../permissions/index.ts';
import type { SystemPosts } from '../posts/index.ts';
import { TeamDoors } from './team-doors.ts';
import { listsAll, presentTeam, presentTeamMember, presentTeams } from './present-team.ts';

export interface TeamServiceDeps {
  readonly teams: TeamStore;
  readonly notes: SystemPosts;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export interface MemberOfTeam {
  readonly teamId: string;
  readonly userId: string;
}

/** A stranger has seen nothing that a read would have to be later than. */
const ofStranger: Causality = { token: undefined, raise: () => undefined };

const forbidden = () => new AppError('api.context.permissions.app_error');
const missing = () => new AppError('app.team.get.find.app_error');

/** Teams and who is in them. */
export class TeamService {
  readonly #deps: TeamServiceDeps;
  readonly #now: () => number;
  readonly #doors: TeamDoors;

  constructor(deps: TeamServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    this.#doors = new TeamDoors(deps);
  }

  /** Makes a team with its default channels; the caller becomes its admin. */
  async create(caller: Caller, request: CreateTeamRequest): Promise<Team> {
    if (!may(caller, 'create_team')) throw forbidden();
    const defaultChannels = [
      { id: newId(), name: 'town-square', displayName: 'Town Square' },
      { id: newId(), name: 'off-topic', displayName: 'Off-Topic' },
    ];
    const team = await refuseTakenName(
      this.#deps.teams.create(caller.causality, {
        id: newId(),
        createAt: this.#now(),
        name: request.name,
        displayName: request.display_name,
        description: request.description ?? '',
        type: request.type,
        inviteId: newId(),
        allowOpenInvite: request.allow_open_invite ?? request.type === 'O',
        email: '',
        creatorId: caller.userId,
        defaultChannels,
      }),
    );
    await this.#doors.announceFounder(
      caller,
      team,
      defaultChannels.map(({ id, name, displayName }) => ({
        id,
        name,
        display_name: displayName,
        type: 'O' as const,
        team_id: team.id,
      })),
    );
    return team;
  }

  async get(caller: Caller, id: string): Promise<Team> {
    return this.#shown(caller, await this.#deps.teams.byId(caller.causality, id));
  }

  async getByName(caller: Caller, name: string): Promise<Team> {
    return this.#shown(caller, await this.#deps.teams.byName(caller.causality, name.toLowerCase()));
  }

  async exists(caller: Caller, name: string): Promise<boolean> {
    return (await this.#deps.teams.byName(caller.causality, name.toLowerCase())) !== undefined;
  }

  /** What an invitation shows of its team, to anybody who has the link. */
  async ofInvite(
    caller: Caller | undefined,
    inviteId: string,
  ): Promise<Pick<Team, 'id' | 'name' | 'display_name' | 'description'>> {
    const team = await this.#deps.teams.byInviteId(caller?.causality ?? ofStranger, inviteId);
    if (team === undefined) throw missing();
    const { id, name, display_name, description } = team;
    return { id, name, display_name, description };
  }

  /** Teams that everybody may join; all of them for those who may list the others. */
  async list(caller: Caller, page: number, perPage: number): Promise<Team[]> {
    const teams = await this.#deps.teams.list(caller.causality, { all: listsAll(caller), page, perPage });
    return presentTeams(caller, teams);
  }

  /** A page of `list`, or of those of it that contain the term, and how many there are on all pages. */
  async page(caller: Caller, wanted: { term: string; page: number; perPage: number }): Promise<TeamsPage> {
    const all = listsAll(caller);
    const [teams, total_count] = await Promise.all([
      this.search(caller, wanted),
      this.#deps.teams.count(wanted.term, all),
    ]);
    return { teams, total_count };
  }

  async search(caller: Caller, { term, page, perPage }: { term: string; page: number; perPage: number }) {
    const teams = await this.#deps.teams.search(term, { all: listsAll(caller), page, perPage });
    return presentTeams(caller, teams);
  }

  async ofUser(caller: Caller, userId: string): Promise<Team[]> {
    const isOwn = userId === caller.userId;
    if (!isOwn && !may(caller, 'sysconsole_read_user_management_users')) throw forbidden();
    const teams = await this.#deps.teams.ofUser(caller.causality, userId);
    return presentTeams(caller, teams, isOwn ? { team: { roles: 'team_user' } } : {});
  }

  async patch(caller: Caller, id: string, patch: TeamPatch): Promise<Team> {
    await this.#requireManage(caller, id);
    const team = await this.#deps.teams.patch(caller.causality, id, this.#now(), patch);
    return this.#told(caller, 'update_team', team);
  }

  /** Archives the team: nobody sees it any more until it is restored. Its members and messages are kept. */
  async archive(caller: Caller, id: string): Promise<void> {
    await this.#requireManage(caller, id);
    const at = this.#now();
    const team = await this.#deps.teams.setDeleteAt(caller.causality, id, at, at);
    this.#told(caller, 'delete_team', team);
  }

  async restore(caller: Caller, id: string): Promise<Team> {
    await this.#requireManage(caller, id);
    const team = await this.#deps.teams.setDeleteAt(caller.causality, id, this.#now(), 0);
    return this.#told(caller, 'restore_team', team);
  }

  /** A team that the caller manages. @throws AppError 403, 404. */
  async managed(caller: Caller, id: string): Promise<Team> {
    await this.#requireManage(caller, id);
    const team = await this.#deps.teams.byId(caller.causality, id);
    if (team === undefined) throw missing();
    return team;
  }

  /** Notes when the picture was set; 0 = there is none. The caller has been found to manage the team. */
  async setIcon(caller: Caller, id: string, version: number): Promise<void> {
    this.#told(caller, 'update_team', await this.#deps.teams.setIcon(caller.causality, id, this.#now(), version));
  }

  /** Voids the old invitation. */
  regenerateInvite(caller: Caller, id: string): Promise<Team> {
    return this.patch(caller, id, { invite_id: newId() });
  }

  /** Joins an open team, or takes somebody in. A member stays as they are. */
  async addMember(caller: Caller, { teamId, userId }: MemberOfTeam): Promise<TeamMember> {
    const team = await this.#deps.teams.byId(caller.causality, teamId);
    if (team === undefined || team.delete_at > 0) throw missing();
    const scope = await this.#scope(caller, teamId);
    const joining = team.allow_open_invite ? 'join_public_teams' : 'join_private_teams';
    const permission = userId === caller.userId ? joining : 'add_user_to_team';
    if (!may(caller, permission, scope)) throw forbidden();
    return this.#doors.enter(caller, team, userId);
  }

  /** Joins by invitation. */
  async joinByInvite(caller: Caller, inviteId: string): Promise<TeamMember> {
    const team = await this.#deps.teams.byInviteId(caller.causality, inviteId);
    if (team === undefined) throw new AppError('api.team.invalid_invite.app_error');
    return this.#doors.enter(caller, team, caller.userId);
  }

  /** Leaves, or takes somebody out; their channels of the team go with it. */
  async removeMember(caller: Caller, { teamId, userId }: MemberOfTeam): Promise<void> {
    const scope = await this.#scope(caller, teamId);
    if (userId !== caller.userId && !may(caller, 'remove_user_from_team', scope)) throw forbidden();
    const member = await this.#deps.teams.member(caller.causality, { teamId, userId });
    if (member === undefined || member.delete_at > 0) throw new AppError('app.team.get_member.missing.app_error');
    await this.#doors.leave(caller, teamId, userId);
  }

  /** `roles` as the API shows them: `team_user team_admin` or less. */
  setRoles(caller: Caller, place: MemberOfTeam, roles: string): Promise<void> {
    return this.setAdmin(caller, place, adminFlagOfRoles('team', roles));
  }

  async setAdmin(caller: Caller, place: MemberOfTeam, isAdmin: boolean): Promise<void> {
    if (!may(caller, 'manage_team_roles', await this.#scope(caller, place.teamId))) throw forbidden();
    const member = await this.#deps.teams.setAdmin(caller.causality, place, isAdmin);
    if (member === undefined) throw new AppError('app.team.get_member.missing.app_error');
    this.#deps.publisher.publish({
      event: 'memberrole_updated',
      data: { member: JSON.stringify(presentTeamMember(member)) },
      to: { user_id: place.userId },
      token: caller.causality.token,
    });
  }

  async members(caller: Caller, teamId: string, page: number, perPage: number): Promise<TeamMember[]> {
    await this.#requireView(caller, teamId);
    const members = await this.#deps.teams.members(caller.causality, teamId, page, perPage);
    return members.map(presentTeamMember);
  }

  async membersByIds(caller: Caller, teamId: string, userIds: readonly string[]): Promise<TeamMember[]> {
    await this.#requireView(caller, teamId);
    const members = await this.#deps.teams.membersByIds(caller.causality, teamId, userIds);
    return members.map(presentTeamMember);
  }

  async member(caller: Caller, place: MemberOfTeam): Promise<TeamMember> {
    await this.#requireView(caller, place.teamId);
    const member = await this.#deps.teams.member(caller.causality, place);
    if (member === undefined) throw new AppError('app.team.get_member.missing.app_error');
    return presentTeamMember(member);
  }

  async memberships(caller: Caller, userId: string): Promise<TeamMember[]> {
    if (userId !== caller.userId && !may(caller, 'read_other_users_teams')) throw forbidden();
    return (await this.#deps.teams.memberships(caller.causality, userId)).map(presentTeamMember);
  }

  async stats(
    caller: Caller,
    teamId: string,
  ): Promise<{ team_id: string; total_member_count: number; active_member_count: number }> {
    await this.#requireView(caller, teamId);
    const { total, active } = await this.#deps.teams.stats(caller.causality, teamId);
    return { team_id: teamId, total_member_count: total, active_member_count: active };
  }

  async #shown(caller: Caller, team: Team | undefined): Promise<Team> {
    if (team === undefined) throw missing();
    const scope = await this.#scope(caller, team.id);
    const isMember = may(caller, 'view_team', scope);
    if (!isMember && !team.allow_open_invite) throw forbidden();
    return presentTeam(team, may(caller, 'invite_user', scope));
  }

  #told(caller: Caller, event: 'update_team' | 'delete_team' | 'restore_team', team: Team | undefined): Team {
    if (team === undefined) throw missing();
    this.#deps.publisher.publish({
      event,
      data: { team: JSON.stringify(presentTeam(team, false)) },
      to: { team_id: team.id },
      token: caller.causality.token,
    });
    return team;
  }

  async #requireManage(caller: Caller, teamId: string): Promise<void> {
    if (!may(caller, 'manage_team', await this.#scope(caller, teamId))) throw forbidden();
  }

  async #requireView(caller: Caller, teamId: string): Promise<void> {
    if (!may(caller, 'view_team', await this.#scope(caller, teamId))) throw forbidden();
  }

  async #scope(caller: Caller, teamId: string): Promise<Scope> {
    const member = await this.#deps.teams.member(caller.causality, { teamId, userId: caller.userId });
    return { team: member && { roles: memberRoles('team', member), delete_at: member.delete_at } };
  }
}

async function refuseTakenName<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === TEAM_NAME_INDEX) {
      throw new AppError('app.team.save.existing.app_error', { cause: error });
    }
    throw error;
  }
}
