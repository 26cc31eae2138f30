import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from './schema.ts';

/**
 * What each part of the server is given of the configuration, in its own words and units. The parts know nothing of
 * sections and keys; `main.ts` passes these functions of the running configuration down.
 */

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Whether users reach the server over https. */
export function isSecure({ ServiceSettings }: Config): boolean {
  return ServiceSettings.SiteURL.startsWith('https://');
}

export function logSettings({ LogSettings }: Config) {
  const level = LogSettings.ConsoleLevel.toLowerCase() as Lowercase<typeof LogSettings.ConsoleLevel>;
  return { level, format: LogSettings.ConsoleJson ? ('json' as const) : ('plain' as const) };
}

export function sessionSettings({ ServiceSettings }: Config) {
  return {
    lifetimeMs: ServiceSettings.SessionLengthWebInHours * hourMs,
    cacheMs: ServiceSettings.SessionCacheInMinutes * minuteMs,
    accessTokens: ServiceSettings.EnableUserAccessTokens,
  };
}

/** What accounts may do, and what becomes of them. */
export function accountSettings({ TeamSettings, PasswordSettings, ServiceSettings, PrivacySettings }: Config) {
  return {
    signUp: TeamSettings.EnableUserCreation,
    passwordMin: PasswordSettings.MinimumLength,
    loginAttempts: ServiceSettings.MaximumLoginAttempts,
    showEmail: PrivacySettings.ShowEmailAddress,
    showFullName: PrivacySettings.ShowFullName,
    accessTokens: ServiceSettings.EnableUserAccessTokens,
    botCreation: ServiceSettings.EnableBotAccountCreation,
    botsGoWithOwner: ServiceSettings.DisableBotsWhenOwnerIsDeactivated,
    customEmoji: ServiceSettings.EnableCustomEmoji,
  };
}

export function rateLimitSettings({ RateLimitSettings }: Config) {
  return {
    enabled: RateLimitSettings.Enable,
    perSecond: RateLimitSettings.PerSec,
    burst: RateLimitSettings.MaxBurst,
  };
}

/** What may be searched. */
export const searchSettings = (running: () => Config) => () => {
  const { ServiceSettings, SqlSettings } = running();
  const { EnablePostSearch: posts, EnableFileSearch: files } = ServiceSettings;
  return { posts, files, silent: SqlSettings.DisableDatabaseSearch };
};

/** What may be uploaded and shown. */
export function fileSettings({ FileSettings, ServiceSettings }: Config) {
  return {
    enabled: FileSettings.EnableFileAttachments,
    maxBytes: FileSettings.MaxFileSize,
    maxPixels: FileSettings.MaxImageResolution,
    linkSecret: FileSettings.EnablePublicLink ? FileSettings.PublicLinkSalt : '',
    siteUrl: ServiceSettings.SiteURL.replace(/\/+$/, ''),
  };
}

/** Where files lie, and how many pictures are worked on at a time. `dataFolder` is the folder of the server's data. */
export function fileStorageSettings({ FileSettings }: Config, dataFolder: string) {
  const { Directory, MaxImageDecoderConcurrency: atOnce } = FileSettings;
  return {
    folder: resolve(dataFolder, Directory === '' ? 'files' : Directory),
    picturesAtOnce: atOnce > 0 ? atOnce : Math.max(1, Math.floor(availableParallelism() / 2)),
  };
}

/** What clients are told when they start. */
export function clientSettings(config: Config) {
  const { TeamSettings, ServiceSettings, PasswordSettings, PrivacySettings, FileSettings } = config;
  return {
    siteName: TeamSettings.SiteName,
    siteUrl: ServiceSettings.SiteURL,
    enableUserCreation: TeamSettings.EnableUserCreation,
    enableOpenServer: TeamSettings.EnableOpenServer,
    enableDeveloper: ServiceSettings.EnableDeveloper,
    passwordMinimumLength: PasswordSettings.MinimumLength,
    maxNotificationsPerChannel: TeamSettings.MaxNotificationsPerChannel,
    userStatusAwayTimeoutSeconds: TeamSettings.UserStatusAwayTimeout,
    showEmailAddress: PrivacySettings.ShowEmailAddress,
    showFullName: PrivacySettings.ShowFullName,
    enableFileAttachments: FileSettings.EnableFileAttachments,
    maxFileSize: FileSettings.MaxFileSize,
    enablePublicLink: fileSettings(config).linkSecret !== '',
    enableUserAccessTokens: ServiceSettings.EnableUserAccessTokens,
    enableBotAccountCreation: ServiceSettings.EnableBotAccountCreation,
    enableCustomEmoji: ServiceSettings.EnableCustomEmoji,
  };
}
