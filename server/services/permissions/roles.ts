import type { Grants } from '../base/grants.ts';
import { withAncillary } from './ancillary.ts';
import { allPermissions, bookmarkPermissions, type Permission } from './names.ts';
import { type ConsoleSection, consoleSections, reading, writing } from './sysconsole.ts';

/** Roles come in three scopes; a role of a scope counts only where its holder has it. */
export type RoleName =
  | 'system_user'
  | 'system_admin'
  | 'system_manager'
  | 'system_user_manager'
  | 'system_read_only_admin'
  | 'system_post_all'
  | 'system_post_all_public'
  | 'system_user_access_token'
  | 'team_user'
  | 'team_admin'
  | 'team_post_all'
  | 'team_post_all_public'
  | 'channel_user'
  | 'channel_admin';

/** What a new member of a channel does from the first day. Admins have it of their own, should members lose it. */
const partInChannel: readonly Permission[] = [
  'create_post',
  'upload_file',
  'add_reaction',
  'remove_reaction',
  'use_channel_mentions',
  'use_group_mentions',
  'manage_public_channel_members',
  'manage_private_channel_members',
  'read_public_channel_groups',
  'read_private_channel_groups',
  ...bookmarkPermissions,
];

const postAll: readonly Permission[] = ['create_post', 'upload_file', 'use_channel_mentions', 'use_group_mentions'];
const postAllPublic: readonly Permission[] = ['create_post_public', 'use_channel_mentions', 'use_group_mentions'];

const authentication = sectionsOf('authentication_');
const environment = without(sectionsOf('environment_'), ['environment_mobile_security']);
const site = without(sectionsOf('site_'), ['site_ip_filters']);
const integrations = sectionsOf('integrations_');
const teamsAndChannels = [
  'user_management_groups',
  'user_management_teams',
  'user_management_channels',
] as const satisfies readonly ConsoleSection[];

const managerWrites: readonly ConsoleSection[] = [
  ...teamsAndChannels,
  'user_management_permissions',
  ...environment,
  ...site,
  ...integrations,
  'products_boards',
];
const managerReads: readonly ConsoleSection[] = [
  ...managerWrites,
  'about_edition_and_license',
  ...sectionsOf('reporting_'),
  ...authentication,
  'plugins',
];
const readOnlyAdmin = without(consoleSections, ['billing', 'user_management_system_roles', 'site_ip_filters']);

/** Which permissions a role brings until an admin says otherwise: those of a new Mattermost server. */
export const defaultPermissions: Readonly<Record<RoleName, readonly Permission[]>> = {
  system_user: [
    'list_public_teams',
    'join_public_teams',
    'create_team',
    'create_direct_channel',
    'create_group_channel',
    'view_members',
    'create_emojis',
    'delete_emojis',
    'create_custom_group',
    'edit_custom_group',
    'delete_custom_group',
    'restore_custom_group',
    'manage_custom_group_members',
  ],
  system_admin: allPermissions,
  system_manager: withAncillary([
    ...reading(managerReads),
    ...writing(managerWrites),
    'manage_outgoing_oauth_connections',
  ]),
  system_user_manager: withAncillary([
    ...reading([...teamsAndChannels, 'user_management_permissions', ...authentication]),
    ...writing(teamsAndChannels),
  ]),
  system_read_only_admin: withAncillary(reading(readOnlyAdmin)),
  system_post_all: postAll,
  system_post_all_public: postAllPublic,
  system_user_access_token: ['create_user_access_token', 'read_user_access_token', 'revoke_user_access_token'],
  team_user: [
    'view_team',
    'list_team_channels',
    'join_public_channels',
    'read_public_channel',
    'create_public_channel',
    'create_private_channel',
    'invite_user',
    'add_user_to_team',
    'playbook_public_create',
    'playbook_private_create',
  ],
  team_admin: [
    ...partInChannel,
    'manage_team',
    'manage_team_roles',
    'import_team',
    'remove_user_from_team',
    'manage_channel_roles',
    'convert_public_channel_to_private',
    'convert_private_channel_to_public',
    'delete_post',
    'delete_others_posts',
    'manage_own_incoming_webhooks',
    'manage_others_incoming_webhooks',
    'bypass_incoming_webhook_channel_lock',
    'manage_own_outgoing_webhooks',
    'manage_others_outgoing_webhooks',
    'manage_own_slash_commands',
    'manage_others_slash_commands',
    'playbook_public_manage_roles',
    'playbook_private_manage_roles',
  ],
  team_post_all: postAll,
  team_post_all_public: postAllPublic,
  channel_user: [
    ...partInChannel,
    'read_channel',
    'read_channel_content',
    'manage_public_channel_properties',
    'manage_private_channel_properties',
    'delete_public_channel',
    'delete_private_channel',
    'edit_post',
    'delete_post',
    'edit_file_attachment',
    'get_public_link',
  ],
  channel_admin: [...partInChannel, 'manage_channel_roles'],
};

export const roleNames: readonly RoleName[] = Object.keys(defaultPermissions) as RoleName[];

/** What the roles of a new server bring, as a caller carries it. */
export const defaultGrants: Grants = new Map(
  Object.entries(defaultPermissions).map(([name, permissions]) => [name, new Set(permissions)]),
);

/** The roles that a user may be given for the whole system. */
export const systemRoles: readonly string[] = roleNames.filter((name) => name.startsWith('system_'));

function sectionsOf(prefix: string): ConsoleSection[] {
  return consoleSections.filter((section) => section.startsWith(prefix));
}

function without(sections: readonly ConsoleSection[], left: readonly ConsoleSection[]): ConsoleSection[] {
  return sections.filter((section) => !left.includes(section));
}
