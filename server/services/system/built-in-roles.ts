import { createHash } from 'node:crypto';
import { defaultPermissions, type Permission, type RoleName, roleNames } from '../permissions/index.ts';

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

const roles: ReadonlyMap<string, Role> = new Map(
  roleNames.map((name): [string, Role] => [name, roleOf(name, defaultPermissions[name])]),
);

/** The roles with these names, each once; unknown names are left out, as in Mattermost. */
export function builtInRoles(wanted: readonly string[]): Role[] {
  return [...new Set(wanted)].flatMap((name) => roles.get(name) ?? []);
}

function roleOf(name: RoleName, permissions: readonly Permission[]): Role {
  return {
    // Roles are not kept in a table, so their ids are made from their names: the same on every server.
    id: createHash('sha256').update(`role:${name}`).digest('hex').slice(0, 26),
    name,
    display_name: name.replaceAll('_', ' '),
    description: '',
    create_at: 0,
    update_at: 0,
    delete_at: 0,
    permissions,
    scheme_managed: true,
    built_in: true,
  };
}
