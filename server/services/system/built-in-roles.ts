import { createHash } from 'node:crypto';
import { type Permission, permissionsOf, type RoleName } from '../permissions/index.ts';

/** A role as the API shows it. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly create_at: number;
  readonly update_at: number;
  readonly delete_at: number;
  readonly permissions: readonly Permission[];
  readonly scheme_managed: boolean;
  readonly built_in: boolean;
}

const names = Object.keys(permissionsOf) as readonly Exclude<RoleName, 'system_admin'>[];
const everything: readonly Permission[] = [
  ...new Set<Permission>([
    'manage_system',
    'edit_other_users',
    'manage_roles',
    ...names.flatMap((name) => permissionsOf[name]),
  ]),
];

const roles: ReadonlyMap<string, Role> = new Map([
  ['system_admin', roleOf('system_admin', everything)],
  ...names.map((name): [string, Role] => [name, roleOf(name, permissionsOf[name])]),
]);

/** The roles with these names, each once; unknown names are left out, as in Mattermost. */
export function builtInRoles(wanted: readonly string[]): Role[] {
  return [...new Set(wanted)].flatMap((name) => roles.get(name) ?? []);
}

function roleOf(name: RoleName, permissions: readonly Permission[]): Role {
  return {
    // Roles are not kept in a table, so their ids are made from their names: the same on every server.
    id: createHash('sha256').update(`role:${name}`).digest('hex').slice(0, 26),
    name,
    display_name: name.replace('_', ' '),
    description: '',
    create_at: 0,
    update_at: 0,
    delete_at: 0,
    permissions,
    scheme_managed: true,
    built_in: true,
  };
}
