import { limits } from '../../../contract/index.ts';
import { switchedOff, unsetTexts, usualValues } from './absent-features.ts';

/** What clients are told of the running configuration. */
export interface ClientSettings {
  readonly siteName: string;
  /** Empty = the URL of the request. */
  readonly siteUrl: string;
  readonly enableUserCreation: boolean;
  readonly enableOpenServer: boolean;
  readonly enableDeveloper: boolean;
  readonly passwordMinimumLength: number;
  readonly maxNotificationsPerChannel: number;
  readonly userStatusAwayTimeoutSeconds: number;
  readonly showEmailAddress: boolean;
  readonly showFullName: boolean;
  readonly enableFileAttachments: boolean;
  /** Of one file, in bytes. */
  readonly maxFileSize: number;
  readonly enablePublicLink: boolean;
  readonly enableUserAccessTokens: boolean;
  readonly enableBotAccountCreation: boolean;
  readonly enableCustomEmoji: boolean;
}

export interface ServerVersion {
  /** The version of Mattermost whose API is spoken, three numbers. */
  readonly version: string;
  readonly buildHash: string;
}

/** Mattermost's form: every value is a string, `"true"` and `"false"` included. */
export type ClientConfig = Readonly<Record<string, string>>;

/** What a client may know before its user has signed in. `noAccounts`: the next sign-up makes the first admin. */
export function publicClientConfig(settings: ClientSettings, server: ServerVersion, noAccounts: boolean): ClientConfig {
  return asStrings({
    Version: server.version,
    BuildNumber: server.version,
    BuildDate: '',
    BuildHash: server.buildHash,
    BuildHashEnterprise: '',
    BuildEnterpriseReady: false,
    SiteName: settings.siteName,
    SiteURL: settings.siteUrl,
    NoAccounts: noAccounts,
    EnableUserCreation: settings.enableUserCreation,
    EnableOpenServer: settings.enableOpenServer,
    EnableSignUpWithEmail: settings.enableUserCreation,
    EnableSignInWithEmail: true,
    EnableSignInWithUsername: true,
    ...signInWays,
    PasswordMinimumLength: settings.passwordMinimumLength,
    PasswordRequireLowercase: false,
    PasswordRequireNumber: false,
    PasswordRequireSymbol: false,
    PasswordRequireUppercase: false,
    DefaultClientLocale: 'en',
    DiagnosticsEnabled: false,
    EnableDiagnostics: false,
    EnableFile: false,
    EnableCustomBrand: false,
    HasImageProxy: false,
    WebsocketURL: '',
    WebsocketPort: 80,
    WebsocketSecurePort: 443,
    ...Object.fromEntries(emptyTexts.map((key) => [key, ''])),
  });
}

/** What a client needs after sign-in, the public part included. */
export function fullClientConfig(settings: ClientSettings, server: ServerVersion): ClientConfig {
  return {
    ...publicClientConfig(settings, server, false),
    ...asStrings({
      ...Object.fromEntries(unsetTexts.map((key) => [key, ''])),
      ...Object.fromEntries(switchedOff.map((key) => [key, false])),
      ...usualValues,
      ...features,
      EnableFileAttachments: settings.enableFileAttachments,
      EnableMobileFileUpload: settings.enableFileAttachments,
      EnableMobileFileDownload: settings.enableFileAttachments,
      MaxFileSize: settings.maxFileSize,
      EnablePublicLink: settings.enablePublicLink,
      EnableUserAccessTokens: settings.enableUserAccessTokens,
      EnableBotAccountCreation: settings.enableBotAccountCreation,
      EnableCustomEmoji: settings.enableCustomEmoji,
      EnableDeveloper: settings.enableDeveloper,
      MaxNotificationsPerChannel: settings.maxNotificationsPerChannel,
      MaxPostSize: limits.messageMax,
      UserStatusAwayTimeout: settings.userStatusAwayTimeoutSeconds,
      ShowEmailAddress: settings.showEmailAddress,
      ShowFullName: settings.showFullName,
    }),
  };
}

/** Ways to sign in that Mattermost's clients ask for by name and that this server does not offer. */
const signInWays = {
  EnableLdap: false,
  EnableSaml: false,
  EnableGuestAccounts: false,
  EnableMultifactorAuthentication: false,
  EnforceMultifactorAuthentication: false,
  EnableSignUpWithGitLab: false,
  EnableSignUpWithGoogle: false,
  EnableSignUpWithOffice365: false,
  EnableSignUpWithOpenId: false,
};

/** Texts and links that clients read without asking whether they are there. */
const emptyTexts = [
  'AboutLink',
  'AndroidAppDownloadLink',
  'AndroidLatestVersion',
  'AndroidMinVersion',
  'AppDownloadLink',
  'CustomBrandText',
  'CustomDescriptionText',
  'ForgotPasswordLink',
  'HelpLink',
  'IosAppDownloadLink',
  'IosLatestVersion',
  'IosMinVersion',
  'PrivacyPolicyLink',
  'ReportAProblemLink',
  'SupportEmail',
  'TelemetryId',
  'TermsOfServiceLink',
] as const;

/** What this server does and does not do, in the names by which clients show or hide it. */
const features = {
  AllowCustomThemes: true,
  AllowSyncedDrafts: true,
  CollapsedThreads: 'default_off',
  EnableChannelViewedMessages: true,
  EnableConfirmNotificationsToChannel: true,
  EnableCrossTeamSearch: true,
  EnableCustomUserStatuses: true,
  EnableEmojiPicker: true,
  EnableGifPicker: false,
  EnableIncomingWebhooks: false,
  EnableOutgoingWebhooks: false,
  EnableCommands: false,
  EnableChannelCategorySorting: true,
  EnableTimedDND: true,
  EnableJoinLeaveMessageByDefault: true,
  EnableMobileFileDownload: true,
  EnableReliableWebSockets: true,
  EnableThemeSelection: true,
  EnableUserDeactivation: true,
  ExperimentalEnableDefaultChannelLeaveJoinMessages: true,
  ExperimentalEnablePostMetadata: true,
  IsDefaultMarketplace: true,
  EnableOAuthServiceProvider: false,
  EnableLinkPreviews: false,
  EnablePermalinkPreviews: false,
  EnableUserStatuses: true,
  EnableUserTypingMessages: true,
  ExperimentalViewArchivedChannels: true,
  PluginsEnabled: false,
  PostEditTimeLimit: -1,
  PostPriority: false,
  RestrictDirectMessage: 'any',
  ScheduledPosts: false,
  TeammateNameDisplay: 'username',
  TimeBetweenUserTypingUpdatesMilliseconds: 5_000,
};

function asStrings(values: Readonly<Record<string, string | number | boolean>>): ClientConfig {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}
