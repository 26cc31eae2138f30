export type { TouchedChannel } from './team-members.ts';
export type { TeamMemberRecord } from './team-row.ts';
export { createTeamStore, type NewTeam, TEAM_NAME_INDEX, type TeamPatch, type TeamStore } from './team-store.ts';
