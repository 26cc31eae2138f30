import type { EmojiStore } from '../../stores/emoji/index.ts';
import type { AccessTokenStore } from '../../stores/access-tokens/index.ts';
import type { BotStore } from '../../stores/bots/index.ts';
import { AccessTokenService } from '../access-tokens/index.ts';
import type { Publisher } from '../base/publisher.ts';
import { BotService } from '../bots/index.ts';
import { EmojiService } from '../emoji/index.ts';
import type { FileGround } from '../files/index.ts';
import type { SessionService } from '../sessions/index.ts';
import type { UserService } from '../users/index.ts';

/** What the running configuration allows. */
export interface ExtensionSettings {
  readonly accessTokens: boolean;
  readonly botCreation: boolean;
  readonly customEmoji: boolean;
}

export interface ExtensionsDeps {
  readonly accessTokens: AccessTokenStore;
  readonly bots: BotStore;
  readonly emoji: EmojiStore;
  readonly fileGround: FileGround;
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly publisher: Publisher;
  readonly settings: () => ExtensionSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What people add to the chat: programs that take part in it, and emoji. */
export interface Extensions {
  readonly accessTokens: AccessTokenService;
  readonly bots: BotService;
  readonly emoji: EmojiService;
}

export function createExtensions(deps: ExtensionsDeps): Extensions {
  return {
    accessTokens: new AccessTokenService({ ...deps, tokens: deps.accessTokens }),
    bots: new BotService(deps),
    emoji: new EmojiService(deps),
  };
}
