import { endpoints } from '../../../contract/index.ts';
import { allPermissions, AppError, type Caller, isPermission, may, type Permission } from '../../services/index.ts';
import type { RouteDefinition } from './route.ts';

const ADMIN: readonly Permission[] = ['manage_system'];

/** `get` and `/users/:user_id` -> `GET /users/{user_id}`. */
export function keyOf({ method, path }: Pick<RouteDefinition, 'method' | 'path'>): string {
  return `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
}

/**
 * What a route asks of its caller before anything else happens: for `admin` one of the permissions that the contract names
 * for the endpoint, on the whole server; without a name, all that a system admin has. The others ask nothing here: what
 * their callers may depends on the team or the channel, which the service knows.
 */
export function permissionsAtDoor(definition: RouteDefinition): readonly Permission[] {
  if (definition.access !== 'admin') return [];
  const named = endpoints[keyOf(definition)]?.permissions.flatMap(permissionsNamed) ?? [];
  return named.length > 0 ? named : ADMIN;
}

/** A star at the end stands for all that begin so. */
function permissionsNamed(name: string): readonly Permission[] {
  if (!name.endsWith('*')) return isPermission(name) ? [name] : [];
  return allPermissions.filter((permission) => permission.startsWith(name.slice(0, -1)));
}

/** @throws AppError 403 unless the caller has one of these; an empty list is no question. */
export function askAtDoor(caller: Caller | undefined, permissions: readonly Permission[]): void {
  if (caller === undefined || permissions.length === 0) return;
  if (!permissions.some((permission) => may(caller, permission))) {
    throw new AppError('api.context.permissions.app_error');
  }
}
