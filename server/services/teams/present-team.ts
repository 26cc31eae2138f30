import type { Team, TeamMember } from '../../../contract/index.ts';
import type { TeamMemberRecord } from '../../stores/teams/index.ts';
import { memberRoles } from '../permissions/index.ts';

/** A team as the API shows it; the invitation only to those who may invite. */
export function presentTeam(team: Team, mayInvite: boolean): Team {
  return mayInvite ? team : { ...team, invite_id: '', email: '' };
}

/** A member as the API shows it. */
export function presentTeamMember(record: TeamMemberRecord): TeamMember {
  return { ...record, roles: memberRoles('team', record) };
}
