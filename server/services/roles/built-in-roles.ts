import type { Role } from '../../../contract/index.ts';
import { newId } from '../base/new-id.ts';
import { defaultPermissions, type RoleName, roleNames } from '../permissions/index.ts';

/** Given by having an account, or a place in a team or a channel. */
const schemeManaged: ReadonlySet<RoleName> = new Set([
  'system_user',
  'system_admin',
  'team_user',
  'team_admin',
  'channel_user',
  'channel_admin',
]);

/** The roles of a new server, with ids that nobody has yet. `at` in milliseconds since 1970. */
export function makeBuiltInRoles(at: number): Role[] {
  return roleNames.map((name) => ({
    id: newId(),
    name,
    display_name: displayNameOf(name),
    description: '',
    create_at: at,
    update_at: at,
    delete_at: 0,
    permissions: [...defaultPermissions[name]],
    scheme_managed: schemeManaged.has(name),
    built_in: true,
  }));
}

/** `system_user_manager` is shown as "System user manager". */
function displayNameOf(name: RoleName): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
