import type { RoleService } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { roleRoutes } from './roles.routes.ts';
import { schemeRoutes } from './schemes.routes.ts';

export function createRolesRoutes(roles: RoleService): RouteSpec[] {
  return [...roleRoutes(roles), ...schemeRoutes()];
}
