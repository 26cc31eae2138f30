import type { Role } from '../../../contract/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { isPermission, isSystemWide, may, type Permission, type RoleName, systemRoles } from '../permissions/index.ts';

/** Parts of the System Console under a name: who hands them out needs a right of its own. */
const consoleRoles: ReadonlySet<string> = new Set<RoleName>([
  'system_manager',
  'system_user_manager',
  'system_read_only_admin',
]);

/** What makes an admin of somebody is never moved between roles. */
const unmovable: ReadonlySet<string> = new Set<Permission>([
  'manage_system',
  'manage_roles',
  'assign_system_admin_role',
  'sysconsole_read_user_management_system_roles',
  'sysconsole_write_user_management_system_roles',
]);

/**
 * Whether the caller may make the role bring `permissions` and nothing else.
 *
 * @throws AppError 403; 400 for a name that is none; 501 for a permission that cannot be moved.
 */
export function checkChange(caller: Caller, role: Role, permissions: readonly string[]): void {
  if (!may(caller, permissionFor(role))) throw new AppError('api.context.permissions.app_error');
  const added = permissions.filter((permission) => !role.permissions.includes(permission));
  const removed = role.permissions.filter((permission) => !permissions.includes(permission));
  refuseFirst(added, (permission) => !isPermission(permission), 'app.role.save.invalid_role.app_error');
  // System admins may everything without asking the table: a role that says less would not tell the truth.
  const isFixed = (permission: string) => unmovable.has(permission) || role.name === 'system_admin';
  refuseFirst([...added, ...removed], isFixed, 'api.roles.patch_roles.not_allowed_permission.error');
  if (!added.every((permission) => mayHandOut(caller, role, permission))) {
    throw new AppError('api.context.permissions.app_error');
  }
}

function permissionFor(role: Role): Permission {
  if (role.name === 'system_admin') return 'manage_system';
  return consoleRoles.has(role.name)
    ? 'sysconsole_write_user_management_system_roles'
    : 'sysconsole_write_user_management_permissions';
}

/** Whoever is not an admin gives nobody, and so not themselves, a right over the server that they do not have. */
function mayHandOut(caller: Caller, role: Role, permission: string): boolean {
  // What is asked for in teams and channels is a right over the server in a role of the system: it counts in all of them.
  const isOverServer = isSystemWide(permission) || systemRoles.includes(role.name);
  return !isOverServer || may(caller, permission as Permission);
}

function refuseFirst(
  permissions: readonly string[],
  isBad: (permission: string) => boolean,
  id: 'app.role.save.invalid_role.app_error' | 'api.roles.patch_roles.not_allowed_permission.error',
): void {
  const permission = permissions.find(isBad);
  if (permission !== undefined) throw new AppError(id, { params: { permission } });
}
