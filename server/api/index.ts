import type { ConsoleService } from '../console/index.ts';
import type {
  AccountService,
  Administration,
  Chat,
  CustomStatusService,
  Extensions,
  PreferenceService,
  RoleService,
  SessionService,
  StatusService,
  SystemService,
  UserImages,
  UserService,
} from '../services/index.ts';
import { createAccessTokensRoutes } from './access-tokens/index.ts';
import { createBotsRoutes } from './bots/index.ts';
import { createAdministrationRoutes } from './administration/index.ts';
import { createChannelsRoutes } from './channels/index.ts';
import { createConsoleRoutes } from './console/index.ts';
import { createDraftsRoutes } from './drafts/index.ts';
import { createEmojiRoutes } from './emoji/index.ts';
import { createFilesRoutes } from './files/index.ts';
import type { RouteSpec } from './http/index.ts';
import { createPostsRoutes } from './posts/index.ts';
import { createPreferencesRoutes } from './preferences/index.ts';
import { createReactionsRoutes } from './reactions/index.ts';
import { createRolesRoutes } from './roles/index.ts';
import { createSearchRoutes } from './search/index.ts';
import { createSessionsRoutes } from './sessions/index.ts';
import { createSidebarRoutes } from './sidebar/index.ts';
import { createStatusesRoutes } from './statuses/index.ts';
import { createSystemRoutes } from './system/index.ts';
import { createTeamsRoutes } from './teams/index.ts';
import { createThreadsRoutes } from './threads/index.ts';
import { createUserImagesRoutes, createUsersRoutes } from './users/index.ts';

export interface RouteDeps {
  readonly statuses: StatusService;
  readonly sessions: SessionService;
  readonly accounts: AccountService;
  readonly users: UserService;
  readonly customStatuses: CustomStatusService;
  readonly userImages: UserImages;
  readonly preferences: PreferenceService;
  readonly roles: RoleService;
  readonly chat: Chat;
  readonly extensions: Extensions;
  readonly system: SystemService;
  readonly administration: Administration;
  readonly console: ConsoleService;
  readonly secureCookies: () => boolean;
}

/** Every route below `/api/v4`. */
export function createAllRoutes(deps: RouteDeps): RouteSpec[] {
  const { accounts, userImages, sessions, preferences, chat, extensions, statuses, system, console, secureCookies } =
    deps;
  return [
    ...createPostsRoutes(chat),
    ...createThreadsRoutes(deps),
    ...createDraftsRoutes(chat),
    ...createChannelsRoutes(chat),
    ...createReactionsRoutes(chat),
    ...createSidebarRoutes(chat),
    ...createFilesRoutes(chat),
    ...createSearchRoutes(chat),
    ...createTeamsRoutes(chat),
    ...createUsersRoutes(deps),
    ...createAccessTokensRoutes(extensions),
    ...createBotsRoutes(extensions),
    ...createEmojiRoutes(extensions),
    ...createUserImagesRoutes(userImages),
    ...createSessionsRoutes({ accounts, sessions, secureCookies }),
    ...createPreferencesRoutes(preferences),
    ...createRolesRoutes(deps.roles),
    ...createStatusesRoutes(statuses),
    ...createConsoleRoutes(console),
    ...createSystemRoutes(system),
    ...createAdministrationRoutes(deps.administration),
  ];
}
