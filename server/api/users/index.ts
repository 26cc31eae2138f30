import type { AccountService, CustomStatusService, UserService } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { createChangeUsersRoutes } from './change-users.routes.ts';
import { createCustomStatusRoutes } from './custom-status.routes.ts';
import { createFindUsersRoutes } from './find-users.routes.ts';
import { createMailRoutes } from './mail.routes.ts';

export interface UsersRoutesDeps {
  readonly accounts: AccountService;
  readonly users: UserService;
  readonly customStatuses: CustomStatusService;
}

/** The routes below `/users` that look users up and change accounts. */
export function createUsersRoutes({ accounts, users, customStatuses }: UsersRoutesDeps): RouteSpec[] {
  return [
    ...createFindUsersRoutes(users),
    ...createChangeUsersRoutes(accounts, users),
    ...createCustomStatusRoutes(customStatuses),
    ...createMailRoutes(),
  ];
}

export { createUserImagesRoutes } from './user-images.routes.ts';
