import type { FileSearchResults } from '@mattermost/types/files';
import type { SystemSetting } from '@mattermost/types/general';
import type { PluginsResponse } from '@mattermost/types/plugins';
import { channelUnread, file, ok, post, postList, role } from './entities.ts';
import {
  accessToken,
  analyticsRow,
  audit,
  bot,
  clusterNode,
  draft,
  emoji,
  foundPosts,
  job,
  postInfo,
  schemaStep,
  scheme,
  threadList,
  userReport,
  userThread,
  userThreadWithPost,
} from './more-entities.ts';
import { type Answers, withResponse } from './published-calls.ts';
import { anything, asServed, int, leftOut, list, mapOf, object, text } from './shape.ts';

const threads: Answers = {
  getUserThreads: threadList,
  getUserThread: userThreadWithPost,
  updateThreadsReadForUser: ok,
  updateThreadReadForUser: userThread,
  markThreadAsUnreadForUser: userThread,
  updateThreadFollowForUser: ok,
  upsertDraft: draft,
  getUserDrafts: list(draft),
  deleteDraft: asServed(ok),
  getFlaggedPosts: postList,
  getPostInfo: postInfo,
  createPostEphemeral: post,
  restorePostVersion: withResponse(post),
  markPostAsUnread: channelUnread,
};

const foundFiles = object<FileSearchResults>({
  order: list(text),
  // A Map only in the client's hands.
  file_infos: asServed(mapOf(file)),
  next_file_info_id: leftOut(text),
  prev_file_info_id: leftOut(text),
});

const search: Answers = {
  searchPosts: foundPosts,
  searchPostsWithParams: foundPosts,
  searchFiles: foundFiles,
  searchFilesWithParams: foundFiles,
};

const programs: Answers = {
  createBot: bot,
  getBot: bot,
  getBots: list(bot),
  getBotsIncludeDeleted: list(bot),
  getBotsOrphaned: list(bot),
  patchBot: bot,
  disableBot: bot,
  enableBot: bot,
  assignBot: bot,
  createUserAccessToken: accessToken,
  getUserAccessToken: accessToken,
  getUserAccessTokens: list(accessToken),
  getUserAccessTokensForUser: list(accessToken),
  revokeUserAccessToken: ok,
  enableUserAccessToken: ok,
  disableUserAccessToken: ok,
  createCustomEmoji: emoji,
  getCustomEmoji: emoji,
  getCustomEmojiByName: emoji,
  getCustomEmojisByNames: list(emoji),
  getCustomEmojis: list(emoji),
  searchCustomEmoji: list(emoji),
  autocompleteCustomEmoji: list(emoji),
  deleteCustomEmoji: ok,
  setTeamIcon: ok,
  removeTeamIcon: ok,
};

const setting = object<SystemSetting>({ name: text, value: text });

const administration: Answers = {
  getRole: role,
  patchRole: role,
  getAncillaryPermissions: list(text),
  getSchemes: list(scheme),
  updateConfig: asServed(mapOf(mapOf(anything))),
  patchConfig: asServed(mapOf(mapOf(anything))),
  getPlainLogs: list(text),
  // The type says a list; the console takes the map of servers that it is.
  getLogs: asServed(mapOf(list(object<{ level: string; msg: string }>({ level: text, msg: text })))),
  getAnalytics: list(analyticsRow),
  getFilteredUsersStats: object({ total_users_count: int }),
  getUsersForReporting: list(userReport),
  getUserCountForReporting: int,
  getAudits: list(audit),
  getUserAudits: list(audit),
  getJob: job,
  getJobs: list(job),
  getJobsByType: list(job),
  createJob: job,
  cancelJob: ok,
  invalidateCaches: ok,
  testSiteURL: ok,
  testFileStoreConnection: ok,
  testS3Connection: ok,
  getAppliedSchemaMigrations: list(schemaStep),
  revokeSessionsForAllUsers: ok,
  getClusterStatus: list(clusterNode),
  getPlugins: object<PluginsResponse>({ active: list(anything), inactive: list(anything) }),
  getPluginStatuses: list(anything),
  getMarketplacePlugins: list(anything),
  getFirstAdminVisitMarketplaceStatus: setting,
  getFirstAdminSetupComplete: setting,
  getPrevTrialLicense: mapOf(text),
  getLicenseLoadMetric: object({ load: int }),
};

export const moreAnswers: Answers = { ...threads, ...search, ...programs, ...administration };
