import { z } from 'zod';
import {
  team,
  teamExists,
  teamInvite,
  teamMember,
  teamMemberResult,
  teamsPage,
  teamStats,
  teamUnread,
} from '../team.ts';
import { type Endpoints, ownAccount } from './endpoint.ts';

const teams = z.array(team);
const members = z.array(teamMember);

const teamEndpointsOfOne: Endpoints = {
  'POST /teams': { summary: 'Makes a team.', permissions: ['create_team'], answer: team },
  'GET /teams': {
    summary: 'Lists teams.',
    permissions: [],
    query: ['page', 'per_page', 'include_total_count'],
    answer: z.union([teams, teamsPage]),
  },
  'POST /teams/search': {
    summary: 'Finds teams by their names.',
    permissions: [],
    answer: z.union([teams, teamsPage]),
  },
  'GET /teams/{team_id}': { summary: 'One team.', permissions: ['view_team'], answer: team },
  'GET /teams/name/{name}': { summary: 'One team by its name.', permissions: ['view_team'], answer: team },
  'GET /teams/name/{name}/exists': { summary: 'Whether there is such a team.', permissions: [], answer: teamExists },
  'PUT /teams/{team_id}': { summary: 'Changes a team.', permissions: ['manage_team'], answer: team },
  'PUT /teams/{team_id}/patch': { summary: 'Changes parts of a team.', permissions: ['manage_team'], answer: team },
  'GET /teams/{team_id}/image': {
    summary: 'The picture of a team.',
    permissions: ['view_team'],
    query: ['_'],
    answer: 'picture',
  },
  'POST /teams/{team_id}/image': { summary: 'Sets a picture.', permissions: ['manage_team'], takes: 'form' },
  'DELETE /teams/{team_id}/image': { summary: 'Takes the picture away.', permissions: ['manage_team'] },
  'PUT /teams/{team_id}/privacy': {
    summary: 'Opens a team to everybody, or not.',
    permissions: ['manage_team'],
    answer: team,
  },
  'POST /teams/{team_id}/regenerate_invite_id': {
    summary: 'Makes a new link of invitation; the old one ends.',
    permissions: ['manage_team'],
    answer: team,
  },
  'DELETE /teams/{team_id}': { summary: 'Archives a team.', permissions: ['manage_team'], query: ['permanent'] },
  'POST /teams/{team_id}/restore': {
    summary: 'Brings an archived team back.',
    permissions: ['manage_team'],
    answer: team,
  },
  'GET /teams/{team_id}/stats': {
    summary: 'How many members there are.',
    permissions: ['view_team'],
    answer: teamStats,
  },
  'GET /teams/invite/{invite_id}': { summary: 'What a link leads to.', permissions: [], answer: teamInvite },
  'POST /teams/{team_id}/invite/email': { summary: 'Needs mail.', permissions: [], answer: 'refused' },
};

const teamMemberEndpoints: Endpoints = {
  'GET /teams/{team_id}/members': {
    summary: 'Members of a team.',
    permissions: ['view_team'],
    query: ['page', 'per_page', 'sort', 'exclude_deleted_users'],
    answer: members,
  },
  'POST /teams/{team_id}/members': {
    summary: 'Joins a team, or takes somebody into it.',
    permissions: ['join_public_teams', 'join_private_teams', 'add_user_to_team'],
    answer: teamMember,
  },
  'POST /teams/{team_id}/members/batch': {
    summary: 'Takes several into a team.',
    permissions: ['add_user_to_team'],
    query: ['graceful'],
    answer: z.union([members, z.array(teamMemberResult)]),
  },
  'POST /teams/members/invite': {
    summary: 'Joins a team by a link of invitation.',
    permissions: [],
    query: ['token', 'invite_id'],
    answer: teamMember,
  },
  'POST /teams/{team_id}/members/ids': {
    summary: 'Members of a team by their ids.',
    permissions: ['view_team'],
    answer: members,
  },
  'GET /teams/{team_id}/members/{user_id}': {
    summary: 'One member of a team.',
    permissions: ['view_team'],
    answer: teamMember,
  },
  'DELETE /teams/{team_id}/members/{user_id}': {
    summary: 'Leaves a team, or takes somebody out.',
    permissions: ['self', 'remove_user_from_team'],
  },
  'PUT /teams/{team_id}/members/{user_id}/roles': {
    summary: 'Sets the roles of a member.',
    permissions: ['manage_team_roles'],
  },
  'PUT /teams/{team_id}/members/{user_id}/schemeRoles': {
    summary: 'Sets the roles of a member by flags.',
    permissions: ['manage_team_roles'],
  },
  'GET /users/{user_id}/teams': {
    summary: 'Teams of a user.',
    permissions: ['self', 'sysconsole_read_user_management_users'],
    answer: teams,
  },
  'GET /users/{user_id}/teams/members': {
    summary: "A user's places in teams.",
    permissions: ['self', 'read_other_users_teams'],
    answer: members,
  },
  'GET /users/{user_id}/teams/unread': {
    summary: 'What a user has not read, per team.',
    permissions: ownAccount,
    query: ['exclude_team', 'include_collapsed_threads'],
    answer: z.array(teamUnread),
  },
  'GET /users/{user_id}/teams/{team_id}/unread': {
    summary: 'What a user has not read in a team.',
    permissions: ownAccount,
    answer: teamUnread,
  },
};

export const teamEndpoints: Endpoints = { ...teamEndpointsOfOne, ...teamMemberEndpoints };
