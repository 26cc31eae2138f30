import type { Database } from '../database/index.ts';
import { createAccessTokenStore } from './access-tokens/index.ts';
import { createAnalyticsStore, createUserReportStore } from './analytics/index.ts';
import { createAuditStore } from './audits/index.ts';
import { createBotStore } from './bots/index.ts';
import { createChannelStore } from './channels/index.ts';
import { createDraftStore } from './drafts/index.ts';
import { createFileSearch, createFileStore, createUploadSessionStore } from './files/index.ts';
import { createEmojiStore } from './emoji/index.ts';
import { createIntegrityStore } from './integrity/index.ts';
import { createJobStore } from './jobs/index.ts';
import { createMembershipStore } from './memberships/index.ts';
import { createPostSearch, createPostStore } from './posts/index.ts';
import { createPreferenceStore } from './preferences/index.ts';
import { createReactionStore } from './reactions/index.ts';
import { createRoleStore } from './roles/index.ts';
import { createSearchNames } from './search/index.ts';
import { createSessionStore } from './sessions/index.ts';
import { createSidebarStore } from './sidebar/index.ts';
import { createStatusStore } from './statuses/index.ts';
import { createTeamStore } from './teams/index.ts';
import { createThreadStore } from './threads/index.ts';
import { createUsageStore } from './usage/index.ts';
import { createUserStore } from './users/index.ts';

export type Stores = ReturnType<typeof createStores>;

/** All stores over one database: the only SQL of the product. */
export function createStores(database: Database) {
  return {
    users: createUserStore(database),
    sessions: createSessionStore(database),
    roles: createRoleStore(database),
    preferences: createPreferenceStore(database),
    teams: createTeamStore(database),
    channels: createChannelStore(database),
    posts: createPostStore(database),
    threads: createThreadStore(database),
    drafts: createDraftStore(database),
    reactions: createReactionStore(database),
    files: createFileStore(database),
    uploads: createUploadSessionStore(database),
    memberships: createMembershipStore(database),
    statuses: createStatusStore(database),
    usage: createUsageStore(database),
    sidebar: createSidebarStore(database),
    postSearch: createPostSearch(database),
    fileSearch: createFileSearch(database),
    searchNames: createSearchNames(database),
    accessTokens: createAccessTokenStore(database),
    bots: createBotStore(database),
    emoji: createEmojiStore(database),
    analytics: createAnalyticsStore(database),
    userReports: createUserReportStore(database),
    audits: createAuditStore(database),
    jobs: createJobStore(database),
    integrity: createIntegrityStore(database),
  };
}
