import { z } from 'zod';
import { field, sqlSettings } from '../database/index.ts';
import { parseListenAddress } from './listen-address.ts';

const siteUrl = z
  .string({ error: 'Must be a text in double quotes.' })
  .refine((text) => text === '' || (/^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text)), {
    error: 'Must be empty or a URL that begins with http:// or https://.',
  })
  .default('');

const listenAddress = z
  .string({ error: 'Must be a text in double quotes: "127.0.0.1:8065".' })
  .refine((text) => parseListenAddress(text) !== undefined, {
    error: 'Must be host:port, as in "127.0.0.1:8065"; ":8065" listens on all interfaces.',
  })
  .default('127.0.0.1:8065');

const serviceSettings = z.object({
  /** The URL under which users reach the server; empty = the URL of the request. */
  SiteURL: siteUrl,
  /** `host:port`. Mattermost's `:8065`, all interfaces, must be asked for here. Port 0 takes any free port. */
  ListenAddress: listenAddress,
  /** Hours until a session of a browser ends. */
  SessionLengthWebInHours: field.wholeNumber({ min: 1, max: 87_600, fallback: 720 }),
  /** Minutes that a session is remembered without asking the master again. */
  SessionCacheInMinutes: field.wholeNumber({ min: 0, max: 1_440, fallback: 10 }),
  /** Failed logins in a row after which an account must wait. */
  MaximumLoginAttempts: field.wholeNumber({ min: 1, max: 1_000, fallback: 10 }),
  /** Headers in which a trusted proxy names the client's address; the first that is there counts. None by default. */
  TrustedProxyIPHeader: field.textList(),
  /** May posts be searched? Otherwise a search is refused. */
  EnablePostSearch: field.flag(true),
  /** May files be searched by their names? */
  EnableFileSearch: field.flag(true),
  /** May people who have the permission make access tokens of their own? Bots always may have them. */
  EnableUserAccessTokens: field.flag(false),
  /** May people who have the permission make bots? */
  EnableBotAccountCreation: field.flag(false),
  /** Disable the bots of a user whose account is deactivated. */
  DisableBotsWhenOwnerIsDeactivated: field.flag(true),
  /** May people make emoji of their own? */
  EnableCustomEmoji: field.flag(true),
  /** More detail in answers and logs; not for production. */
  EnableDeveloper: field.flag(false),
});

const teamSettings = z.object({
  /** Shown in the page's title and on the login page. */
  SiteName: field.text('Holdfast'),
  /** May anybody make an account? */
  EnableUserCreation: field.flag(true),
  /** May people join without an invitation? Mattermost's default is false; there are no invitations here. */
  EnableOpenServer: field.flag(true),
  /** Members that `@channel` and `@all` notify at most. */
  MaxNotificationsPerChannel: field.wholeNumber({ min: 1, max: 1_000_000, fallback: 1_000 }),
  /** Seconds without activity until a user is shown as away. */
  UserStatusAwayTimeout: field.wholeNumber({ min: 10, max: 86_400, fallback: 300 }),
});

const fileSettings = z.object({
  /** May files be uploaded and downloaded? */
  EnableFileAttachments: field.flag(true),
  /** Of one file, in bytes. */
  MaxFileSize: field.wholeNumber({ min: 1, max: 1_099_511_627_776, fallback: 104_857_600 }),
  /** Pixels of a picture that gets a preview, and of a profile picture: a few kilobytes may unfold to gigabytes. */
  MaxImageResolution: field.wholeNumber({ min: 1, max: 1_000_000_000, fallback: 33_177_600 }),
  /** Pictures that are worked on at a time, each by one core; -1 = half of the cores. */
  MaxImageDecoderConcurrency: field.wholeNumber({ min: -1, max: 64, fallback: -1 }),
  /** Where files lie: only in a folder, at present. */
  DriverName: field.oneOf(['local'], 'local'),
  /**
   * The folder; all servers of a cluster need the same one. A relative one begins in the folder of the server's data;
   * empty = `files` there. Mattermost's default is `./data/`.
   */
  Directory: field.text(''),
  /** May users make addresses under which everybody gets a file? Needs `PublicLinkSalt`. */
  EnablePublicLink: field.flag(false),
  /** A secret of at least 32 characters, the same for all servers; another one makes all public links invalid. */
  PublicLinkSalt: z
    .string({ error: 'Must be a text in double quotes.' })
    .refine((text) => text === '' || text.length >= 32, { error: 'Must be empty or a text of at least 32 characters.' })
    .default(''),
});

const passwordSettings = z.object({
  /** Characters that a new password has at least. */
  MinimumLength: field.wholeNumber({ min: 8, max: 72, fallback: 8 }),
});

const logSettings = z.object({
  EnableConsole: field.flag(true),
  /** The least level that is logged. */
  ConsoleLevel: field.oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'INFO'),
  /** One JSON object per line; otherwise lines for people. */
  ConsoleJson: field.flag(true),
});

const rateLimitSettings = z.object({
  /** Limit the requests of each address. */
  Enable: field.flag(false),
  /** Requests per second that an address may make in the long run. */
  PerSec: field.wholeNumber({ min: 1, max: 100_000, fallback: 50 }),
  /** Requests that may come at once. */
  MaxBurst: field.wholeNumber({ min: 1, max: 100_000, fallback: 200 }),
});

const metricsSettings = z.object({
  /** Serve `/metrics` for Prometheus. */
  Enable: field.flag(true),
});

const privacySettings = z.object({
  /** Show e-mail addresses to other users. */
  ShowEmailAddress: field.flag(true),
  /** Show full names to other users. */
  ShowFullName: field.flag(true),
});

const experimentalSettings = z.object({
  /** Keep system admins from what belongs to the operator: databases, addresses, where files lie, Reload and Recycle. */
  RestrictSystemAdmin: field.flag(false),
});

/** The whole configuration, section by section, in Mattermost's names. Every setting has a default. */
export const configSections = {
  ServiceSettings: serviceSettings,
  TeamSettings: teamSettings,
  SqlSettings: sqlSettings,
  FileSettings: fileSettings,
  PasswordSettings: passwordSettings,
  LogSettings: logSettings,
  RateLimitSettings: rateLimitSettings,
  MetricsSettings: metricsSettings,
  PrivacySettings: privacySettings,
  ExperimentalSettings: experimentalSettings,
} as const;

export type SectionName = keyof typeof configSections;
/** The effective configuration: defaults, then the file, then the environment. */
export type Config = { readonly [S in SectionName]: Readonly<z.infer<(typeof configSections)[S]>> };

export const sectionNames = Object.keys(configSections) as readonly SectionName[];

/** Every setting's default; the same as `config/default.json`. */
export const defaultConfig = (): Config =>
  Object.fromEntries(sectionNames.map((name) => [name, configSections[name].parse({})])) as Config;

/** The names of a section's settings. */
export const keysOf = (section: SectionName): readonly string[] => Object.keys(configSections[section].shape);
