import type { Grants } from '../base/grants.ts';

/** A session that is good at this moment, as a request or a socket needs it. */
export interface ActiveSession {
  readonly id: string;
  readonly userId: string;
  /** The user's system roles, split at spaces; as of the last read from the database. */
  readonly roles: readonly string[];
  /** What `X-CSRF-Token` must equal when the token came by cookie. */
  readonly csrf: string;
  readonly expiresAt: number;
  /** Set when the token is an access token: whose. Its session has the id of the token, and no activity makes it longer. */
  readonly accessTokenOf?: 'person' | 'bot';
}

/**
 * Who a token belongs to. Answers from memory without a promise; else reads the database and throws `DatabaseError`
 * when that is impossible: "cannot know" is not "not signed in".
 */
export interface SessionAuthenticator {
  authenticate(token: string): ActiveSession | undefined | Promise<ActiveSession | undefined>;
  /** What roles bring, from memory: whoever makes a caller gives it this. */
  grants(): Grants;
}
