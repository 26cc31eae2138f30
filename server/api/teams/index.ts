import {
  addTeamMemberRequest,
  addTeamMembersRequest,
  createTeamRequest,
  limits,
  memberRolesRequest,
  memberSchemeRolesRequest,
  patchTeamRequest,
  type TeamMember,
  type TeamMemberResult,
  teamPrivacyRequest,
  teamSearchRequest,
  userIdsRequest,
} from '../../../contract/index.ts';
import { adminFlagOfScheme, AppError, type Caller, type Chat } from '../../services/index.ts';
import { flagOf, idOf, invalidBodyParam, invalidUrlParam, pageOf, type RouteSpec, route } from '../http/index.ts';
import { createTeamImagesRoutes } from './team-images.routes.ts';

type Services = Pick<Chat, 'teams' | 'teamImages' | 'reading'>;

/** Teams, their members, and what a user has not read in them. */
export function createTeamsRoutes(services: Services): RouteSpec[] {
  return [
    ...teamRoutes(services),
    ...listRoutes(services),
    ...memberRoutes(services),
    ...roleRoutes(services),
    ...userRoutes(services),
    ...createTeamImagesRoutes(services),
  ];
}

function teamRoutes({ teams }: Services): RouteSpec[] {
  return [
    route({ method: 'post', path: '/teams', access: 'session', body: createTeamRequest, status: 201 }, (input) =>
      teams.create(input.caller, input.body),
    ),
    route({ method: 'get', path: '/teams/:team_id', access: 'session' }, ({ caller, params }) =>
      teams.get(caller, params.team_id),
    ),
    route({ method: 'get', path: '/teams/name/:name', access: 'session' }, ({ caller, params }) =>
      teams.getByName(caller, params.name),
    ),
    route({ method: 'get', path: '/teams/name/:name/exists', access: 'session' }, async ({ caller, params }) => ({
      exists: await teams.exists(caller, params.name),
    })),
    route({ method: 'get', path: '/teams/invite/:invite_id', access: 'optional' }, ({ caller, params }) =>
      teams.ofInvite(caller, params.invite_id),
    ),
    ...['/teams/:team_id' as const, '/teams/:team_id/patch' as const].map((path) =>
      route({ method: 'put', path, access: 'session', body: patchTeamRequest }, ({ caller, params, body }) =>
        teams.patch(caller, params.team_id, body),
      ),
    ),
    route(
      { method: 'put', path: '/teams/:team_id/privacy', access: 'session', body: teamPrivacyRequest },
      ({ caller, params, body }) =>
        teams.patch(caller, params.team_id, { type: body.privacy, allow_open_invite: body.privacy === 'O' }),
    ),
    route({ method: 'post', path: '/teams/:team_id/regenerate_invite_id', access: 'session' }, ({ caller, params }) =>
      teams.regenerateInvite(caller, params.team_id),
    ),
    route({ method: 'delete', path: '/teams/:team_id', access: 'session' }, ({ caller, params, query }) => {
      // Nothing is ever erased here; saying OK to somebody who asks for that would be a lie.
      if (flagOf(query, 'permanent')) throw new AppError('api.user.delete_team.not_enabled.app_error');
      return teams.archive(caller, params.team_id);
    }),
    route({ method: 'post', path: '/teams/:team_id/restore', access: 'session' }, ({ caller, params }) =>
      teams.restore(caller, params.team_id),
    ),
    route({ method: 'get', path: '/teams/:team_id/stats', access: 'session' }, ({ caller, params }) =>
      teams.stats(caller, params.team_id),
    ),
  ];
}

function listRoutes({ teams }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/teams', access: 'session' }, async ({ caller, query }) => {
      const { page, perPage } = pageOf(query);
      return flagOf(query, 'include_total_count')
        ? teams.page(caller, { term: '', page, perPage })
        : teams.list(caller, page, perPage);
    }),
    route(
      { method: 'post', path: '/teams/search', access: 'session', body: teamSearchRequest },
      async ({ caller, body }) => {
        const { term, page = 0, per_page = limits.perPageDefault } = body;
        const isPaged = body.page !== undefined && body.per_page !== undefined;
        const wanted = { term: term.trim(), page, perPage: Math.min(per_page, limits.perPageMax) };
        return isPaged ? teams.page(caller, wanted) : teams.search(caller, { ...wanted, perPage: limits.perPageMax });
      },
    ),
  ];
}

function roleRoutes({ teams }: Services): RouteSpec[] {
  const path = '/teams/:team_id/members/:user_id';
  return [
    route(
      { method: 'put', path: `${path}/roles`, access: 'session', body: memberRolesRequest },
      ({ caller, params, body }) => {
        const place = { teamId: params.team_id, userId: params.user_id };
        return teams.setRoles(caller, place, body.roles);
      },
    ),
    route(
      { method: 'put', path: `${path}/schemeRoles`, access: 'session', body: memberSchemeRolesRequest },
      ({ caller, params, body }) => {
        const place = { teamId: params.team_id, userId: params.user_id };
        return teams.setAdmin(caller, place, adminFlagOfScheme(body));
      },
    ),
  ];
}

function memberRoutes({ teams }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/teams/:team_id/members', access: 'session' }, ({ caller, params, query }) => {
      const { page, perPage } = pageOf(query);
      return teams.members(caller, params.team_id, page, perPage);
    }),
    route(
      { method: 'post', path: '/teams/:team_id/members', access: 'session', body: addTeamMemberRequest, status: 201 },
      ({ caller, params, body }) => {
        if (body.team_id !== params.team_id) throw invalidBodyParam('team_id');
        return teams.addMember(caller, { teamId: body.team_id, userId: body.user_id });
      },
    ),
    route(
      {
        method: 'post',
        path: '/teams/:team_id/members/batch',
        access: 'session',
        body: addTeamMembersRequest,
        status: 201,
      },
      ({ caller, params, body, query }) => {
        if (body.some((member) => member.team_id !== params.team_id)) throw invalidBodyParam('team_id');
        const userIds = body.map((member) => member.user_id);
        return addMembers({ teams, caller, teamId: params.team_id }, userIds, flagOf(query, 'graceful'));
      },
    ),
    route({ method: 'post', path: '/teams/members/invite', access: 'session', status: 201 }, ({ caller, query }) => {
      const inviteId = idOf(query, 'invite_id');
      if (inviteId === undefined) throw invalidUrlParam('invite_id');
      return teams.joinByInvite(caller, inviteId);
    }),
    route(
      { method: 'post', path: '/teams/:team_id/members/ids', access: 'session', body: userIdsRequest },
      ({ caller, params, body }) => teams.membersByIds(caller, params.team_id, body),
    ),
    route({ method: 'get', path: '/teams/:team_id/members/:user_id', access: 'session' }, ({ caller, params }) =>
      teams.member(caller, { teamId: params.team_id, userId: params.user_id }),
    ),
    route({ method: 'delete', path: '/teams/:team_id/members/:user_id', access: 'session' }, ({ caller, params }) =>
      teams.removeMember(caller, { teamId: params.team_id, userId: params.user_id }),
    ),
  ];
}

/** `graceful`: each user's own outcome instead of one refusal for all. */
async function addMembers(
  { teams, caller, teamId }: { teams: Chat['teams']; caller: Caller; teamId: string },
  userIds: readonly string[],
  graceful: boolean,
): Promise<TeamMember[] | TeamMemberResult[]> {
  if (!graceful) {
    const members: TeamMember[] = [];
    for (const userId of userIds) members.push(await teams.addMember(caller, { teamId, userId }));
    return members;
  }
  const outcomes: TeamMemberResult[] = [];
  for (const userId of userIds) {
    try {
      outcomes.push({ user_id: userId, member: await teams.addMember(caller, { teamId, userId }), error: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { id, message, status: status_code } = error;
      outcomes.push({ user_id: userId, member: null, error: { id, message, status_code } });
    }
  }
  return outcomes;
}

function userRoutes({ teams, reading }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/users/:user_id/teams', access: 'session' }, ({ caller, params }) =>
      teams.ofUser(caller, params.user_id),
    ),
    route({ method: 'get', path: '/users/:user_id/teams/members', access: 'session' }, ({ caller, params }) =>
      teams.memberships(caller, params.user_id),
    ),
    route(
      { method: 'get', path: '/users/:user_id/teams/unread', access: 'session' },
      async ({ caller, params, query }) => {
        const withThreads = flagOf(query, 'include_collapsed_threads');
        const unread = await reading.teamsUnread(caller, params.user_id, withThreads);
        return unread.filter((team) => team.team_id !== query.get('exclude_team'));
      },
    ),
    route(
      { method: 'get', path: '/users/:user_id/teams/:team_id/unread', access: 'session' },
      async ({ caller, params }) => {
        const nothing = { msg_count: 0, mention_count: 0, msg_count_root: 0, mention_count_root: 0 };
        const unread = await reading.teamsUnread(caller, params.user_id, false);
        return unread.find((team) => team.team_id === params.team_id) ?? { team_id: params.team_id, ...nothing };
      },
    ),
  ];
}
