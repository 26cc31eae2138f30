/** The parts of the System Console that can be opened to somebody, each for reading and for writing. */
export const consoleSections = [
  'about_edition_and_license',
  'billing',
  'reporting_site_statistics',
  'reporting_team_statistics',
  'reporting_server_logs',
  'user_management_users',
  'user_management_groups',
  'user_management_teams',
  'user_management_channels',
  'user_management_permissions',
  'user_management_system_roles',
  'environment_web_server',
  'environment_database',
  'environment_elasticsearch',
  'environment_file_storage',
  'environment_image_proxy',
  'environment_smtp',
  'environment_push_notification_server',
  'environment_high_availability',
  'environment_rate_limiting',
  'environment_logging',
  'environment_session_lengths',
  'environment_performance_monitoring',
  'environment_developer',
  'environment_mobile_security',
  'site_customization',
  'site_localization',
  'site_users_and_teams',
  'site_notifications',
  'site_announcement_banner',
  'site_emoji',
  'site_posts',
  'site_file_sharing_and_downloads',
  'site_public_links',
  'site_notices',
  'site_ip_filters',
  'authentication_signup',
  'authentication_email',
  'authentication_password',
  'authentication_mfa',
  'authentication_ldap',
  'authentication_saml',
  'authentication_openid',
  'authentication_guest_access',
  'plugins',
  'integrations_integration_management',
  'integrations_bot_accounts',
  'integrations_gif',
  'integrations_cors',
  'compliance_data_retention_policy',
  'compliance_compliance_export',
  'compliance_compliance_monitoring',
  'compliance_custom_terms_of_service',
  'experimental_features',
  'experimental_feature_flags',
  'products_boards',
] as const;

export type ConsoleSection = (typeof consoleSections)[number];
export type SysconsolePermission = `sysconsole_${'read' | 'write'}_${ConsoleSection}`;

/** To look at these sections. */
export function reading(sections: readonly ConsoleSection[]): SysconsolePermission[] {
  return sections.map((section) => `sysconsole_read_${section}` as const);
}

/** To change what these sections show. Whoever writes needs the reading as well. */
export function writing(sections: readonly ConsoleSection[]): SysconsolePermission[] {
  return sections.map((section) => `sysconsole_write_${section}` as const);
}

export const sysconsolePermissions: readonly SysconsolePermission[] = [
  ...reading(consoleSections),
  ...writing(consoleSections),
];
