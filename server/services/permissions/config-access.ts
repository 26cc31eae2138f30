import type { Caller } from '../base/caller.ts';
import { may } from './permissions.ts';
import type { ConsoleSection } from './sysconsole.ts';

/** The part of the System Console that shows a setting, as in Mattermost; a whole section, or one setting of it. */
const shownIn: Readonly<Record<string, ConsoleSection>> = {
  'ServiceSettings.SiteURL': 'environment_web_server',
  'ServiceSettings.ListenAddress': 'environment_web_server',
  'ServiceSettings.SessionLengthWebInHours': 'environment_session_lengths',
  'ServiceSettings.SessionCacheInMinutes': 'environment_session_lengths',
  'ServiceSettings.MaximumLoginAttempts': 'authentication_password',
  'ServiceSettings.EnableDeveloper': 'environment_developer',
  'TeamSettings.SiteName': 'site_customization',
  'TeamSettings.EnableUserCreation': 'authentication_signup',
  'TeamSettings.EnableOpenServer': 'authentication_signup',
  'TeamSettings.MaxNotificationsPerChannel': 'site_users_and_teams',
  'TeamSettings.UserStatusAwayTimeout': 'experimental_features',
  SqlSettings: 'environment_database',
  'FileSettings.EnableFileAttachments': 'site_file_sharing_and_downloads',
  'FileSettings.EnablePublicLink': 'site_public_links',
  'FileSettings.PublicLinkSalt': 'site_public_links',
  FileSettings: 'environment_file_storage',
  PasswordSettings: 'authentication_password',
  PrivacySettings: 'site_users_and_teams',
  LogSettings: 'environment_logging',
  RateLimitSettings: 'environment_rate_limiting',
  MetricsSettings: 'environment_performance_monitoring',
};

/** Sections, and in them settings. */
type SettingsTree = Readonly<Record<string, unknown>>;

/** Whether the caller may look at a setting. What no part of the System Console shows is for system admins. */
function maySee(caller: Caller, section: string, setting: string): boolean {
  const part = shownIn[`${section}.${setting}`] ?? shownIn[section];
  return may(caller, part === undefined ? 'manage_system' : `sysconsole_read_${part}`);
}

/** Whether the caller may change a setting. */
export function mayChangeSetting(caller: Caller, section: string, setting: string): boolean {
  const part = shownIn[`${section}.${setting}`] ?? shownIn[section];
  return may(caller, part === undefined ? 'manage_system' : `sysconsole_write_${part}`);
}

/** The settings that the caller may look at: others are left out, and so are sections of which nothing is left. */
export function visibleSettings(caller: Caller, config: SettingsTree): Record<string, Record<string, unknown>> {
  const visible: Record<string, Record<string, unknown>> = {};
  for (const [section, settings] of Object.entries(config)) {
    const all = Object.entries(settings as SettingsTree);
    const kept = all.filter(([setting]) => maySee(caller, section, setting));
    if (kept.length > 0 || all.length === 0) visible[section] = Object.fromEntries(kept);
  }
  return visible;
}
