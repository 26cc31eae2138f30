import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { PreferenceStore } from '../../stores/preferences/index.ts';
import type { UserStore } from '../../stores/users/index.ts';
import type { RecordAudit } from '../base/audits.ts';
import type { Publisher } from '../base/publisher.ts';
import { createExtensions, type Extensions, type ExtensionSettings, type ExtensionsDeps } from '../extensions/index.ts';
import { type FileGround, UserImages } from '../files/index.ts';
import { PreferenceService } from '../preferences/index.ts';
import type { SessionService } from '../sessions/index.ts';
import {
  AccountService,
  type AccountSettings,
  createPasswordHasher,
  CustomStatusService,
  type Privacy,
  UserService,
} from '../users/index.ts';

/** What the running configuration says of accounts. */
export interface AccountServicesSettings extends AccountSettings, Privacy, ExtensionSettings {
  /** Whether bots are disabled with their owner. */
  readonly botsGoWithOwner: boolean;
}

type ExtensionStores = Pick<ExtensionsDeps, 'accessTokens' | 'bots' | 'emoji'>;

export interface AccountServicesDeps {
  readonly stores: ExtensionStores & { readonly users: UserStore; readonly preferences: PreferenceStore };
  readonly fileGround: FileGround;
  readonly sessions: SessionService;
  readonly publisher: Publisher;
  /** What the sessions of one user have seen together. */
  readonly causality: { of(userId: string): Causality };
  readonly settings: () => AccountServicesSettings;
  /** Printed in the log at the start; lets somebody who is not on this machine make the first account. */
  readonly setupCode: string;
  readonly log: Logger;
  /** Takes note of who signs in. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** The services of accounts, and of what hangs on them. */
export interface AccountServices {
  readonly accounts: AccountService;
  readonly users: UserService;
  readonly userImages: UserImages;
  readonly customStatuses: CustomStatusService;
  readonly preferences: PreferenceService;
  readonly extensions: Extensions;
}

export function createAccountServices({
  stores,
  fileGround,
  now = Date.now,
  ...deps
}: AccountServicesDeps): AccountServices {
  const users = new UserService({ ...deps, users: stores.users, now });
  const preferences = new PreferenceService({ ...deps, preferences: stores.preferences });
  return {
    accounts: new AccountService({ ...deps, users: stores.users, hasher: createPasswordHasher(), now }),
    users,
    userImages: new UserImages({ ...fileGround, users, now }),
    customStatuses: new CustomStatusService({ users, preferences }),
    preferences,
    extensions: createExtensions({ ...stores, ...deps, fileGround, users, now }),
  };
}
