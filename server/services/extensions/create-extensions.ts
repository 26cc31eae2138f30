import type { AccessTokenStore } from '../../stores/access-tokens/index.ts';
import type { BotStore } from '../../stores/bots/index.ts';
import { AccessTokenService } from '../access-tokens/index.ts';
import type { Publisher } from '../base/publisher.ts';
import { BotService } from '../bots/index.ts';
import type { SessionService } from '../sessions/index.ts';
import type { UserService } from '../users/index.ts';

/** What the running configuration allows. */
export interface ExtensionSettings {
  readonly accessTokens: boolean;
  readonly botCreation: boolean;
}

export interface ExtensionsDeps {
  readonly accessTokens: AccessTokenStore;
  readonly bots: BotStore;
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly publisher: Publisher;
  readonly settings: () => ExtensionSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What people add to the chat: programs that take part in it. */
export interface Extensions {
  readonly accessTokens: AccessTokenService;
  readonly bots: BotService;
}

export function createExtensions(deps: ExtensionsDeps): Extensions {
  return {
    accessTokens: new AccessTokenService({ ...deps, tokens: deps.accessTokens }),
    bots: new BotService(deps),
  };
}
