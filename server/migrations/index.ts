import type { Migration } from './migration.ts';
import { users } from './steps/0001-users.ts';
import { teamsAndChannels } from './steps/0002-teams-and-channels.ts';
import { postsAndReactions } from './steps/0003-posts-and-reactions.ts';
import { statuses } from './steps/0004-statuses.ts';
import { databaseEpochs } from './steps/0005-database-epochs.ts';
import { sidebar } from './steps/0006-sidebar.ts';
import { files } from './steps/0007-files.ts';
import { threadsAndDrafts } from './steps/0008-threads-and-drafts.ts';
import { roles } from './steps/0009-roles.ts';
import { search } from './steps/0010-search.ts';
import { botsAndEmoji } from './steps/0011-bots-and-emoji.ts';
import { auditsAndJobs } from './steps/0012-audits-and-jobs.ts';

export { type Migration, type MigrationConnection, MigrationError } from './migration.ts';
export { compareSchema } from './compare-schema.ts';
export { type MigrateOptions, migrate } from './runner.ts';

/** Every step of the schema in order. A new one goes to the end, in a file of its own. */
export const migrations: readonly Migration[] = [
  users,
  teamsAndChannels,
  postsAndReactions,
  statuses,
  databaseEpochs,
  sidebar,
  files,
  threadsAndDrafts,
  roles,
  search,
  botsAndEmoji,
  auditsAndJobs,
];

/** The version that this server's statements are written for. */
export const schemaVersion: number = migrations.length;
