import type { CreateTeamRequest, Team, TeamMember, TeamUnread } from '../../../contract/index.ts';
import type { Http } from './http.ts';

/** Teams and their members. */
export function createTeamsClient(http: Http) {
  return {
    mine: () => http<Team[]>({ path: '/users/me/teams' }),
    open: () => http<Team[]>({ path: '/teams', query: { per_page: 200 } }),
    byName: (name: string) => http<Team>({ path: `/teams/name/${encodeURIComponent(name)}` }),
    create: (body: CreateTeamRequest) => http<Team>({ method: 'POST', path: '/teams', body }),
    join: (teamId: string, userId: string) =>
      http<TeamMember>({
        method: 'POST',
        path: `/teams/${teamId}/members`,
        body: { team_id: teamId, user_id: userId },
      }),
    unread: () => http<TeamUnread[]>({ path: '/users/me/teams/unread' }),
  };
}
