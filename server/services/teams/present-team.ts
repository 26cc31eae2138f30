import type { Team, TeamMember } from '../../../contract/index.ts';
import type { TeamMemberRecord } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { may, memberRoles, type Scope } from '../permissions/index.ts';

/** A team as the API shows it; the invitation only to those who may invite. */
export function presentTeam(team: Team, mayInvite: boolean): Team {
  return mayInvite ? team : { ...team, invite_id: '', email: '' };
}

/** Teams as the caller may see them, who has this place in each of them. */
export function presentTeams(caller: Caller, teams: readonly Team[], scope: Scope = {}): Team[] {
  const mayInvite = may(caller, 'invite_user', scope);
  return teams.map((team) => presentTeam(team, mayInvite));
}

/** Whether a list has all teams or only those that everybody may join. */
export function listsAll(caller: Caller): boolean {
  if (may(caller, 'list_private_teams')) return true;
  if (!may(caller, 'list_public_teams')) throw new AppError('api.context.permissions.app_error');
  return false;
}

/** A member as the API shows it. */
export function presentTeamMember(record: TeamMemberRecord): TeamMember {
  return { ...record, roles: memberRoles('team', record) };
}
