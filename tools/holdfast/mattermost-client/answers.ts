import type { ChannelsWithTotalCount } from '@mattermost/types/channels';
import type { ClientResponse } from '@mattermost/types/client4';
import type { ServerLimits } from '@mattermost/types/limits';
import type { FileUploadResponse } from '@mattermost/types/files';
import type { TeamMemberWithError, TeamsWithCount } from '@mattermost/types/teams';
import type { UserAutocomplete } from '@mattermost/types/autocomplete';
import {
  category,
  categories,
  channel,
  channelMember,
  channelStats,
  channelUnread,
  channelWithTeam,
  file,
  ok,
  post,
  postList,
  preference,
  reaction,
  role,
  session,
  status,
  team,
  teamMember,
  teamUnread,
  threadPage,
  user,
  viewed,
} from './entities.ts';
import { moreAnswers } from './more-answers.ts';
import type { Answers } from './published-calls.ts';
import {
  anything,
  asServed,
  either,
  flag,
  id,
  int,
  leftOut,
  list,
  mapOf,
  object,
  oneOf,
  type Shape,
  text,
} from './shape.ts';

/** The answer together with its headers. */
const withResponse = <T>(shape: Shape<T>): Shape<ClientResponse<T>> => ({
  check: (value, place) => shape.check((value as ClientResponse<unknown>).data, `${place}.data`),
});
/** What the types call unknown, and Mattermost's server answers so. */
const done = ok as Shape<unknown>;

const users: Answers = {
  createUser: user,
  patchMe: user,
  patchUser: user,
  updateUser: user,
  updateUserRoles: ok,
  updateUserPassword: ok,
  updateUserActive: ok,
  uploadProfileImage: ok,
  setDefaultProfileImage: ok,
  login: user,
  loginById: user,
  // The raw response.
  logout: { check: () => [] },
  getUserLoginType: object({ auth_service: oneOf('', 'magic_link'), is_deactivated: leftOut(flag) }),
  checkUserMfa: object({ mfa_required: flag }),
  getProfiles: list(user),
  getProfilesByIds: list(user),
  getProfilesByUsernames: list(user),
  getProfilesInTeam: list(user),
  getProfilesNotInTeam: list(user),
  getProfilesWithoutTeam: list(user),
  getProfilesInChannel: list(user),
  getProfilesNotInChannel: list(user),
  getProfilesInGroupChannels: mapOf(list(user)),
  getMe: user,
  getUser: user,
  getUserByUsername: user,
  getUserByEmail: user,
  getKnownUsers: list(id),
  getTotalUsersStats: object({ total_users_count: int }),
  autocompleteUsers: object<UserAutocomplete>({ users: list(user) }, { out_of_channel: list(user) }),
  searchUsers: list(user),
  getSessions: list(session),
  revokeSession: ok,
  revokeAllSessionsForUser: ok,
};

const settings: Answers = {
  getStatus: status,
  getStatusesByIds: list(status),
  updateStatus: status,
  updateCustomStatus: done,
  unsetCustomStatus: done,
  removeRecentCustomStatus: done,
  savePreferences: ok,
  deletePreferences: ok,
  // The type says one; the server has always sent the list.
  getMyPreferences: asServed(list(preference)),
  getUserPreferences: list(preference),
};

const teams: Answers = {
  createTeam: team,
  deleteTeam: ok,
  unarchiveTeam: team,
  updateTeam: team,
  patchTeam: team,
  regenerateTeamInviteId: team,
  checkIfTeamExists: object({ exists: flag }),
  getTeams: either(list(team), object<TeamsWithCount>({ teams: list(team), total_count: int })),
  searchTeams: asServed(either(object<TeamsWithCount>({ teams: list(team), total_count: int }), list(team))),
  getTeam: team,
  getTeamByName: team,
  getMyTeams: list(team),
  getTeamsForUser: list(team),
  getMyTeamMembers: list(teamMember),
  getMyTeamUnreads: list(teamUnread),
  getTeamMembers: list(teamMember),
  getTeamMembersForUser: list(teamMember),
  getTeamMember: teamMember,
  getTeamMembersByIds: list(teamMember),
  addToTeam: teamMember,
  addToTeamFromInvite: teamMember,
  addUsersToTeam: list(teamMember),
  addUsersToTeamGracefully: list(
    object<TeamMemberWithError>({ member: leftOut(teamMember), user_id: id, error: leftOut(anything) }),
  ),
  joinTeam: teamMember,
  removeFromTeam: ok,
  getTeamStats: object({ team_id: id, total_member_count: int, active_member_count: int }),
  getTeamInviteInfo: object({ display_name: text, description: text, name: text, id }),
  updateTeamMemberRoles: ok,
  updateTeamMemberSchemeRoles: ok,
};

const channelPage = object<ChannelsWithTotalCount>({ channels: list(channelWithTeam), total_count: int });

const channels: Answers = {
  createChannel: channel,
  createDirectChannel: channel,
  createGroupChannel: channel,
  deleteChannel: ok,
  unarchiveChannel: channel,
  updateChannel: channel,
  updateChannelPrivacy: channel,
  patchChannel: channel,
  updateChannelNotifyProps: ok,
  getChannel: channel,
  getChannelByName: channel,
  getChannelByNameAndTeamName: channel,
  getChannels: list(channel),
  getAllChannels: asServed(either(list(channelWithTeam), channelPage)),
  getAllTeamsChannels: list(channel),
  getArchivedChannels: list(channel),
  getMyChannels: list(channel),
  searchAllChannels: asServed(either(channelPage, list(channelWithTeam))),
  searchChannels: list(channel),
  searchGroupChannels: list(channel),
  autocompleteChannels: list(channel),
  autocompleteChannelsForSearch: list(channel),
  getAllChannelsMembers: list(channelMember),
  getMyChannelMember: channelMember,
  getMyChannelMembers: list(channelMember),
  getChannelMembers: list(channelMember),
  getChannelMember: channelMember,
  getChannelMembersByIds: list(channelMember),
  getChannelTimezones: list(text),
  addToChannel: channelMember,
  addToChannels: list(channelMember),
  removeFromChannel: ok,
  updateChannelMemberRoles: ok,
  updateChannelMemberSchemeRoles: ok,
  getChannelStats: channelStats,
  getChannelsMemberCount: mapOf(int),
  getChannelMemberCountsByGroup: asServed(list(anything)),
  viewMyChannel: viewed,
  readMultipleChannels: viewed,
  getChannelCategories: categories,
  createChannelCategory: category,
  updateChannelCategories: list(category),
  getChannelCategoryOrder: list(text),
  updateChannelCategoryOrder: list(text),
  getChannelCategory: category,
  updateChannelCategory: category,
  // The type promises the category; what was deleted is gone, and the server says so.
  deleteChannelCategory: asServed(ok),
};

const posts: Answers = {
  createPost: post,
  updatePost: post,
  patchPost: post,
  getPost: post,
  deletePost: ok,
  getPostsByIds: list(post),
  getPostEditHistory: list(post),
  getPosts: postList,
  getPostsUnread: postList,
  getPostsSince: postList,
  getPostsBefore: postList,
  getPostsAfter: postList,
  getPostThread: threadPage,
  getPaginatedPostThread: threadPage,
  getPinnedPosts: postList,
  pinPost: ok,
  unpinPost: ok,
  markPostAsUnread: channelUnread,
  addReaction: reaction,
  removeReaction: ok,
  getReactionsForPost: list(reaction),
  uploadFile: object<FileUploadResponse>({ file_infos: list(file), client_ids: list(text) }),
  getFileInfosForPost: list(file),
  getFilePublicLink: object({ link: text }),
};

const system: Answers = {
  ping: object({
    status: oneOf('OK'),
    ActiveSearchBackend: text,
    database_status: leftOut(oneOf('OK')),
    filestore_status: leftOut(oneOf('OK')),
    root_status: leftOut(flag),
  }),
  // The types name two hundred and more settings; a client reads those it knows and gets along without the others.
  getClientConfig: asServed(mapOf(text)),
  getClientLicenseOld: mapOf(text),
  getServerLimits: withResponse(
    object<ServerLimits>(
      { activeUserCount: int, maxUsersLimit: int },
      {
        maxUsersHardLimit: int,
        lastAccessiblePostTime: int,
        postHistoryLimit: int,
        singleChannelGuestCount: int,
        singleChannelGuestLimit: int,
      },
    ),
  ),
  getPostsUsage: object({ count: int }),
  getFilesUsage: object({ bytes: int }),
  getTeamsUsage: object({ active: int, cloud_archived: int }),
  getRoleByName: role,
  getRolesByNames: list(role),
  getWebappPlugins: list(anything),
  getGroups: list(anything),
  searchGroups: list(anything),
  getCustomProfileAttributeFields: list(anything),
  getInProductNotices: list(anything),
  logClientError: object({ message: text }),
  getConfig: asServed(mapOf(mapOf(anything))),
  getEnvironmentConfig: asServed(mapOf(mapOf(flag))),
  reloadConfig: ok,
  recycleDatabase: ok,
};

/**
 * What each call of the published client is answered with, by the types that it declares. A wrong line does not compile:
 * the shape of a method is bound to the type of its promise.
 */
export const answers: Answers = { ...users, ...settings, ...teams, ...channels, ...posts, ...system, ...moreAnswers };
