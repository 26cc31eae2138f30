import type { AccountService, UserService } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { createChangeUsersRoutes } from './change-users.routes.ts';
import { createFindUsersRoutes } from './find-users.routes.ts';

/** The routes below `/users` that look users up and change accounts. */
export function createUsersRoutes(services: { accounts: AccountService; users: UserService }): RouteSpec[] {
  return [...createFindUsersRoutes(services.users), ...createChangeUsersRoutes(services.accounts, services.users)];
}
