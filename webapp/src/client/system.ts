import type { Http } from './http.ts';

/** What a page may know before sign-in; values are strings, as Mattermost's clients expect. */
export interface ClientConfig {
  readonly Version?: string;
  readonly SiteName?: string;
  /** `"true"` while there is no account: the first one becomes system admin. */
  readonly NoAccounts?: string;
  readonly EnableSignUpWithEmail?: string;
}

/** The server itself. */
export function createSystemClient(http: Http) {
  return {
    clientConfig: () => http<ClientConfig>({ path: '/config/client', query: { format: 'old' }, timeout: 8_000 }),
    ping: () => http<{ status: string }>({ path: '/system/ping', timeout: 5_000 }),
  };
}
