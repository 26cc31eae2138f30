import type { DatabaseMode, DatabaseStatus, PingResponse, Readiness } from '../../../contract/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { Usage } from '../../stores/usage/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { may } from '../permissions/index.ts';
import {
  type ClientConfig,
  type ClientSettings,
  fullClientConfig,
  publicClientConfig,
  type ServerVersion,
} from './client-config.ts';
import { readinessOf } from './readiness.ts';
import { roundDown } from './round-down.ts';

/** Client messages are cut to this length before they are logged. */
const clientMessageMax = 400;

export interface SystemServiceDeps {
  readonly settings: () => ClientSettings;
  readonly version: ServerVersion;
  /** Whether there is no account yet. Asked until there is one. */
  readonly isEmpty: () => Promise<boolean>;
  readonly usage: () => Promise<Usage>;
  readonly databaseMode: () => DatabaseMode;
  readonly databaseStatus: () => DatabaseStatus;
  /** Whether start-up has ended and stopping not begun. */
  readonly isServing: () => boolean;
  readonly logger: Logger;
}

/** What a client reports. */
export interface ClientLog {
  readonly level: string;
  readonly message: string;
}

/** The server about itself: its health, and what clients need to know of it when they start. */
export class SystemService {
  readonly #deps: SystemServiceDeps;
  #hasAccounts = false;

  constructor(deps: SystemServiceDeps) {
    this.#deps = deps;
  }

  /** The client's configuration: a short one before sign-in. */
  async clientConfig(caller: Caller | undefined): Promise<ClientConfig> {
    if (caller) return this.signedInConfig();
    const { settings, version } = this.#deps;
    return publicClientConfig(settings(), version, await this.#isWithoutAccounts());
  }

  /** The configuration of whoever is signed in; what `config_changed` carries, because only they have sockets. */
  signedInConfig(): ClientConfig {
    return fullClientConfig(this.#deps.settings(), this.#deps.version);
  }

  /**
   * Whether this server can do its work. Reads nothing from a database: what the monitor knows is enough.
   *
   * @param detailed whether the reasons may name hosts.
   */
  readiness(detailed: boolean): Readiness {
    const { isServing, databaseMode, databaseStatus } = this.#deps;
    return readinessOf({ isServing: isServing(), mode: databaseMode(), status: databaseStatus() }, detailed);
  }

  /** Mattermost's ping. `withDetails` adds the state of the database and of the file store, `deviceId` whether it gets notifications. */
  ping(withDetails: boolean, deviceId = ''): PingResponse {
    const { status } = this.readiness(false);
    return {
      status: withDetails ? status : 'OK',
      AndroidLatestVersion: '',
      AndroidMinVersion: '',
      IosLatestVersion: '',
      IosMinVersion: '',
      ActiveSearchBackend: 'database',
      ...(withDetails ? { database_status: status, filestore_status: 'OK' } : {}),
      ...(deviceId === '' ? {} : { CanReceiveNotifications: 'false' }),
    };
  }

  /** How many messages were written, in round figures: the exact number is nobody's business. */
  async postsUsage(): Promise<{ count: number }> {
    return { count: roundDown((await this.#deps.usage()).posts) };
  }

  async storageUsage(): Promise<{ bytes: number }> {
    return { bytes: (await this.#deps.usage()).fileBytes };
  }

  async teamsUsage(): Promise<{ active: number; cloud_archived: number }> {
    // Mattermost counts here only what its cloud has archived by itself.
    return { active: (await this.#deps.usage()).teams, cloud_archived: 0 };
  }

  /**
   * Writes what a client reports into the server's log. Strangers may only on a developer's server; and only there, or for
   * an admin, does a client's error count as one: otherwise anybody could fill the log with errors.
   */
  logOfClient(caller: Caller | undefined, { level, message }: ClientLog): ClientLog {
    const isDeveloper = this.#deps.settings().enableDeveloper;
    if (caller === undefined && !isDeveloper) throw new AppError('api.context.permissions.app_error');
    const counts = isDeveloper || (caller !== undefined && may(caller, 'manage_system'));
    const cut = message.slice(0, clientMessageMax);
    const fields = { user_id: caller?.userId ?? '', message: cut };
    this.#deps.logger[counts && level.toUpperCase() === 'ERROR' ? 'error' : 'debug']('client.reported', fields);
    return { level, message: cut };
  }

  // Accounts do not vanish, so a yes is kept. While no database answers nobody is sent to the set-up page.
  async #isWithoutAccounts(): Promise<boolean> {
    if (this.#hasAccounts) return false;
    try {
      this.#hasAccounts = !(await this.#deps.isEmpty());
      return !this.#hasAccounts;
    } catch {
      return false;
    }
  }
}
