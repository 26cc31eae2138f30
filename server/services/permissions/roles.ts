/** What somebody may do. Names of Mattermost, as far as this server asks for them. */
export type Permission =
  | 'manage_system'
  | 'edit_other_users'
  | 'manage_roles'
  | 'create_team'
  | 'join_public_teams'
  | 'join_private_teams'
  | 'view_team'
  | 'manage_team'
  | 'manage_team_roles'
  | 'add_user_to_team'
  | 'remove_user_from_team'
  | 'list_team_channels'
  | 'create_public_channel'
  | 'create_private_channel'
  | 'create_direct_channel'
  | 'join_public_channels'
  | 'read_public_channel'
  | 'read_channel'
  | 'manage_public_channel_properties'
  | 'manage_private_channel_properties'
  | 'delete_public_channel'
  | 'delete_private_channel'
  | 'manage_public_channel_members'
  | 'manage_private_channel_members'
  | 'manage_channel_roles'
  | 'use_channel_mentions'
  | 'create_post'
  | 'create_post_public'
  | 'upload_file'
  | 'edit_post'
  | 'edit_others_posts'
  | 'delete_post'
  | 'delete_others_posts'
  | 'add_reaction'
  | 'remove_reaction'
  | 'remove_others_reactions';

/** Roles come in three scopes; a role of a scope counts only where its holder has it. */
export type RoleName = 'system_user' | 'system_admin' | 'team_user' | 'team_admin' | 'channel_user' | 'channel_admin';

/** Which permissions a role brings. `system_admin` has all of them and so needs no list. */
export const permissionsOf: Readonly<Record<Exclude<RoleName, 'system_admin'>, readonly Permission[]>> = {
  system_user: ['create_team', 'join_public_teams', 'create_direct_channel'],
  team_user: [
    'view_team',
    'add_user_to_team',
    'list_team_channels',
    'create_public_channel',
    'create_private_channel',
    'join_public_channels',
    'read_public_channel',
  ],
  team_admin: [
    'manage_team',
    'manage_team_roles',
    'remove_user_from_team',
    'manage_public_channel_properties',
    'manage_private_channel_properties',
    'delete_public_channel',
    'delete_private_channel',
    'manage_public_channel_members',
    'manage_private_channel_members',
    'manage_channel_roles',
    'edit_others_posts',
    'delete_others_posts',
    'remove_others_reactions',
  ],
  channel_user: [
    'read_channel',
    'manage_public_channel_properties',
    'manage_private_channel_properties',
    'delete_public_channel',
    'delete_private_channel',
    'manage_public_channel_members',
    'manage_private_channel_members',
    'use_channel_mentions',
    'create_post',
    'upload_file',
    'edit_post',
    'delete_post',
    'add_reaction',
    'remove_reaction',
  ],
  channel_admin: ['manage_channel_roles'],
};

/** The roles that a user may be given for the whole system. */
export const systemRoles: readonly string[] = ['system_user', 'system_admin'];
