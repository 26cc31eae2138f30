import { z } from 'zod';
import {
  channel,
  channelMember,
  channelsPage,
  channelStats,
  channelUnread,
  channelWithTeam,
  viewChannelResponse,
} from '../channel.ts';
import { sidebarCategories, sidebarCategory, sidebarCategoryId } from '../sidebar.ts';
import { type Endpoints, ownAccount } from './endpoint.ts';

const channels = z.array(channel);
const members = z.array(channelMember);
const read = ['read_channel', 'read_public_channel'];
const change = ['manage_public_channel_properties', 'manage_private_channel_properties'];
const manage = ['manage_public_channel_members', 'manage_private_channel_members'];
const list = ['list_team_channels'];

const channelEndpointsOfOne: Endpoints = {
  'POST /channels': {
    summary: 'Makes an open or a private channel.',
    permissions: ['create_public_channel', 'create_private_channel'],
    answer: channel,
  },
  'POST /channels/direct': {
    summary: 'The channel of two users; made when it is not there.',
    permissions: ['create_direct_channel'],
    answer: channel,
  },
  'POST /channels/group': {
    summary: 'The channel of three to eight users; made when it is not there.',
    permissions: ['create_group_channel'],
    answer: channel,
  },
  'GET /channels/{channel_id}': { summary: 'One channel.', permissions: read, answer: channel },
  'GET /teams/{team_id}/channels/name/{name}': {
    summary: 'One channel by its name.',
    permissions: read,
    query: ['include_deleted'],
    answer: channel,
  },
  'GET /teams/name/{team_name}/channels/name/{name}': {
    summary: 'One channel by the names of team and channel.',
    permissions: read,
    query: ['include_deleted'],
    answer: channel,
  },
  'PUT /channels/{channel_id}': { summary: 'Changes a channel.', permissions: change, answer: channel },
  'PUT /channels/{channel_id}/patch': { summary: 'Changes parts of a channel.', permissions: change, answer: channel },
  'PUT /channels/{channel_id}/privacy': {
    summary: 'Makes a channel open or private.',
    permissions: ['convert_public_channel_to_private', 'convert_private_channel_to_public'],
    answer: channel,
  },
  'DELETE /channels/{channel_id}': {
    summary: 'Archives a channel.',
    permissions: ['delete_public_channel', 'delete_private_channel'],
    query: ['permanent'],
  },
  'POST /channels/{channel_id}/restore': {
    summary: 'Brings an archived channel back.',
    permissions: ['manage_team'],
    answer: channel,
  },
  'POST /channels/{channel_id}/move': {
    summary: 'Moves a channel to another team.',
    permissions: ['manage_system'],
    answer: channel,
  },
  'GET /channels/{channel_id}/stats': {
    summary: 'How many members, pinned posts and files there are.',
    permissions: read,
    query: ['exclude_files_count'],
    answer: channelStats,
  },
  'POST /channels/stats/member_count': {
    summary: 'How many members several channels have.',
    permissions: read,
    answer: z.record(z.string(), z.int()),
  },
  'GET /channels/{channel_id}/timezones': {
    summary: 'Time zones of the members.',
    permissions: read,
    answer: z.array(z.string()),
  },
  'GET /channels/{channel_id}/member_counts_by_group': {
    summary: 'Members by group: there are no groups.',
    permissions: [],
    answer: z.array(z.never()),
  },
  'GET /channels/{channel_id}/moderations': { summary: 'A paid feature.', permissions: [], answer: 'refused' },
  'PUT /channels/{channel_id}/moderations/patch': { summary: 'A paid feature.', permissions: [], answer: 'refused' },
};

const channelListEndpoints: Endpoints = {
  'GET /channels': {
    summary: 'Channels of all teams.',
    permissions: ['sysconsole_read_user_management_channels'],
    query: ['page', 'per_page', 'include_deleted', 'include_total_count', 'exclude_default_channels'],
    answer: z.union([z.array(channelWithTeam), channelsPage]),
  },
  'POST /channels/search': {
    summary: 'Finds channels of all teams.',
    permissions: [],
    query: ['system_console'],
    answer: z.union([z.array(channelWithTeam), channelsPage]),
  },
  'POST /channels/group/search': {
    summary: "Finds the caller's group channels by their members.",
    permissions: [],
    answer: channels,
  },
  'GET /teams/{team_id}/channels': {
    summary: 'Open channels of a team.',
    permissions: list,
    query: ['page', 'per_page'],
    answer: channels,
  },
  'GET /teams/{team_id}/channels/deleted': {
    summary: 'Archived channels of a team.',
    permissions: list,
    query: ['page', 'per_page'],
    answer: channels,
  },
  'GET /teams/{team_id}/channels/private': {
    summary: 'Private channels of a team.',
    permissions: ['manage_system'],
    query: ['page', 'per_page'],
    answer: channels,
  },
  'POST /teams/{team_id}/channels/ids': {
    summary: 'Open channels by their ids.',
    permissions: ['view_team'],
    answer: channels,
  },
  'GET /teams/{team_id}/channels/autocomplete': {
    summary: 'Completes the name of a channel.',
    permissions: list,
    query: ['name'],
    answer: channels,
  },
  'GET /teams/{team_id}/channels/search_autocomplete': {
    summary: 'Completes the name of a channel, for a search.',
    permissions: list,
    query: ['name'],
    answer: channels,
  },
  'POST /teams/{team_id}/channels/search': {
    summary: 'Finds channels of a team.',
    permissions: list,
    answer: channels,
  },
  'POST /teams/{team_id}/channels/search_archived': {
    summary: 'Finds archived channels of a team.',
    permissions: list,
    answer: channels,
  },
  'GET /users/{user_id}/channels': {
    summary: 'All channels of a user.',
    permissions: ownAccount,
    query: ['include_deleted', 'last_delete_at'],
    answer: channels,
  },
  'GET /users/{user_id}/teams/{team_id}/channels': {
    summary: 'Channels of a user in a team, with the direct ones.',
    permissions: ownAccount,
    query: ['include_deleted', 'last_delete_at'],
    answer: channels,
  },
};

const channelMemberEndpoints: Endpoints = {
  'GET /users/{user_id}/channel_members': {
    summary: "A user's places in all channels.",
    permissions: ['self', 'manage_system'],
    query: ['page', 'per_page'],
    answer: members,
  },
  'GET /users/{user_id}/teams/{team_id}/channels/members': {
    summary: "A user's places in the channels of a team.",
    permissions: ownAccount,
    answer: members,
  },
  'GET /channels/{channel_id}/members': {
    summary: 'Members of a channel.',
    permissions: read,
    query: ['page', 'per_page'],
    answer: members,
  },
  'POST /channels/{channel_id}/members': {
    summary: 'Joins a channel, or takes others into it.',
    permissions: ['join_public_channels', ...manage],
    answer: z.union([channelMember, members]),
  },
  'POST /channels/{channel_id}/members/ids': {
    summary: 'Members of a channel by their ids.',
    permissions: read,
    answer: members,
  },
  'GET /channels/{channel_id}/members/{user_id}': {
    summary: 'One member of a channel.',
    permissions: read,
    answer: channelMember,
  },
  'DELETE /channels/{channel_id}/members/{user_id}': {
    summary: 'Leaves a channel, or takes somebody out.',
    permissions: ['self', ...manage],
  },
  'PUT /channels/{channel_id}/members/{user_id}/roles': {
    summary: 'Sets the roles of a member.',
    permissions: ['manage_channel_roles'],
  },
  'PUT /channels/{channel_id}/members/{user_id}/schemeRoles': {
    summary: 'Sets the roles of a member by flags.',
    permissions: ['manage_channel_roles'],
  },
  'PUT /channels/{channel_id}/members/{user_id}/notify_props': {
    summary: 'Of what a member wants to hear.',
    permissions: ownAccount,
  },
  'POST /channels/members/{user_id}/view': {
    summary: 'Says that a channel was read.',
    permissions: ownAccount,
    answer: viewChannelResponse,
  },
  'POST /channels/members/{user_id}/mark_read': {
    summary: 'Says that channels were read.',
    permissions: ownAccount,
    answer: viewChannelResponse,
  },
  'GET /users/{user_id}/channels/{channel_id}/unread': {
    summary: 'What a user has not read in a channel.',
    permissions: ownAccount,
    answer: channelUnread,
  },
};

const SIDEBAR = '/users/{user_id}/teams/{team_id}/channels/categories';
const sidebarEndpoints: Endpoints = {
  [`GET ${SIDEBAR}`]: { summary: 'The sidebar.', permissions: ownAccount, answer: sidebarCategories },
  [`POST ${SIDEBAR}`]: { summary: 'Makes a category.', permissions: ownAccount, answer: sidebarCategory },
  [`PUT ${SIDEBAR}`]: { summary: 'Changes categories.', permissions: ownAccount, answer: z.array(sidebarCategory) },
  [`GET ${SIDEBAR}/order`]: {
    summary: 'In which order the categories are.',
    permissions: ownAccount,
    answer: z.array(sidebarCategoryId),
  },
  [`PUT ${SIDEBAR}/order`]: {
    summary: 'Puts the categories in order.',
    permissions: ownAccount,
    answer: z.array(sidebarCategoryId),
  },
  [`GET ${SIDEBAR}/{category}`]: { summary: 'One category.', permissions: ownAccount, answer: sidebarCategory },
  [`PUT ${SIDEBAR}/{category}`]: { summary: 'Changes a category.', permissions: ownAccount, answer: sidebarCategory },
  [`DELETE ${SIDEBAR}/{category}`]: {
    summary: 'Removes a category; its channels go back to where they belong.',
    permissions: ownAccount,
  },
};

export const channelEndpoints: Endpoints = {
  ...channelEndpointsOfOne,
  ...channelListEndpoints,
  ...channelMemberEndpoints,
  ...sidebarEndpoints,
};
