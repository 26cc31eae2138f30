import { type SysconsolePermission, sysconsolePermissions } from './sysconsole.ts';

/**
 * What somebody may do: Mattermost's names, with the scope in which each is asked for. A role of a team or a channel may
 * bring those of a smaller scope; a role of the system brings any, everywhere.
 */
export const systemPermissions = [
  'manage_system',
  'assign_system_admin_role',
  'manage_roles',
  'edit_other_users',
  'read_other_users_teams',
  'list_users_without_team',
  'promote_guest',
  'demote_to_guest',
  'create_team',
  'list_public_teams',
  'list_private_teams',
  'join_public_teams',
  'join_private_teams',
  'create_direct_channel',
  'create_group_channel',
  'create_user_access_token',
  'read_user_access_token',
  'revoke_user_access_token',
  'create_bot',
  'assign_bot',
  'read_bots',
  'read_others_bots',
  'manage_bots',
  'manage_others_bots',
  'manage_oauth',
  'manage_system_wide_oauth',
  'manage_outgoing_oauth_connections',
  'read_jobs',
  'manage_jobs',
  'get_logs',
  'get_analytics',
  'read_audits',
  'reload_config',
  'invalidate_caches',
  'recycle_database_connections',
  'test_site_url',
  'test_email',
  'test_s3',
  'test_elasticsearch',
  'test_ldap',
  'edit_brand',
  'invalidate_email_invite',
  'read_license_information',
  'manage_license_information',
] as const;

export const teamPermissions = [
  'view_team',
  'view_members',
  'manage_team',
  'manage_team_roles',
  'import_team',
  'invite_user',
  'invite_guest',
  'add_user_to_team',
  'remove_user_from_team',
  'list_team_channels',
  'join_public_channels',
  'read_public_channel',
  'create_public_channel',
  'create_private_channel',
  'create_emojis',
  'delete_emojis',
  'delete_others_emojis',
  'manage_own_incoming_webhooks',
  'manage_others_incoming_webhooks',
  'bypass_incoming_webhook_channel_lock',
  'manage_own_outgoing_webhooks',
  'manage_others_outgoing_webhooks',
  'manage_own_slash_commands',
  'manage_others_slash_commands',
] as const;

/** Of the bookmarks of a channel. */
export const bookmarkPermissions = [
  'add_bookmark_public_channel',
  'edit_bookmark_public_channel',
  'delete_bookmark_public_channel',
  'order_bookmark_public_channel',
  'add_bookmark_private_channel',
  'edit_bookmark_private_channel',
  'delete_bookmark_private_channel',
  'order_bookmark_private_channel',
] as const;

export const channelPermissions = [
  'read_channel',
  'read_channel_content',
  'manage_channel_roles',
  'manage_public_channel_members',
  'manage_private_channel_members',
  'manage_public_channel_properties',
  'manage_private_channel_properties',
  'delete_public_channel',
  'delete_private_channel',
  'convert_public_channel_to_private',
  'convert_private_channel_to_public',
  'read_public_channel_groups',
  'read_private_channel_groups',
  'create_post',
  'create_post_public',
  'create_post_ephemeral',
  'read_deleted_posts',
  'edit_post',
  'edit_others_posts',
  'delete_post',
  'delete_others_posts',
  'add_reaction',
  'remove_reaction',
  'remove_others_reactions',
  'upload_file',
  'edit_file_attachment',
  'get_public_link',
  'use_channel_mentions',
  'use_group_mentions',
  'use_slash_commands',
  ...bookmarkPermissions,
] as const;

/** Of features that are not here. Nothing asks for them; clients list them and may put them into a role. */
export const absentPermissions = [
  'manage_shared_channels',
  'manage_secure_connections',
  'create_custom_group',
  'edit_custom_group',
  'delete_custom_group',
  'restore_custom_group',
  'manage_custom_group_members',
  'create_data_retention_job',
  'manage_data_retention_job',
  'read_data_retention_job',
  'create_compliance_export_job',
  'manage_compliance_export_job',
  'read_compliance_export_job',
  'download_compliance_export_result',
  'create_ldap_sync_job',
  'manage_ldap_sync_job',
  'read_ldap_sync_job',
  'add_ldap_public_cert',
  'add_ldap_private_cert',
  'remove_ldap_public_cert',
  'remove_ldap_private_cert',
  'get_saml_metadata_from_idp',
  'get_saml_cert_status',
  'add_saml_public_cert',
  'add_saml_private_cert',
  'add_saml_idp_cert',
  'remove_saml_public_cert',
  'remove_saml_private_cert',
  'remove_saml_idp_cert',
  'purge_elasticsearch_indexes',
  'create_elasticsearch_post_indexing_job',
  'manage_elasticsearch_post_indexing_job',
  'read_elasticsearch_post_indexing_job',
  'create_elasticsearch_post_aggregation_job',
  'manage_elasticsearch_post_aggregation_job',
  'read_elasticsearch_post_aggregation_job',
  'playbook_public_create',
  'playbook_public_view',
  'playbook_public_make_private',
  'playbook_public_manage_properties',
  'playbook_public_manage_members',
  'playbook_public_manage_roles',
  'playbook_private_create',
  'playbook_private_view',
  'playbook_private_make_public',
  'playbook_private_manage_properties',
  'playbook_private_manage_members',
  'playbook_private_manage_roles',
  'run_create',
  'run_view',
  'run_manage_properties',
  'run_manage_members',
] as const;

export type Permission =
  | (typeof systemPermissions)[number]
  | (typeof teamPermissions)[number]
  | (typeof channelPermissions)[number]
  | (typeof absentPermissions)[number]
  | SysconsolePermission;

/** Every permission there is, each once. */
export const allPermissions: readonly Permission[] = [
  ...systemPermissions,
  ...teamPermissions,
  ...channelPermissions,
  ...absentPermissions,
  ...sysconsolePermissions,
];

const known: ReadonlySet<string> = new Set(allPermissions);
const systemWide: ReadonlySet<string> = new Set([...systemPermissions, ...sysconsolePermissions]);

export function isPermission(name: string): name is Permission {
  return known.has(name);
}

/** Asked for on the whole server only, not in a team or a channel. */
export function isSystemWide(permission: string): boolean {
  return systemWide.has(permission);
}
