import type { Session } from '../../../contract/index.ts';
import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { SessionStore, SessionWithUser } from '../../stores/sessions/index.ts';
import { AppError } from '../base/app-error.ts';
import type { RecordAudit } from '../base/audits.ts';
import type { Caller } from '../base/caller.ts';
import type { Grants } from '../base/grants.ts';
import { newId } from '../base/new-id.ts';
import { mayEditUser } from '../permissions/index.ts';
import type { ActiveSession, SessionAuthenticator } from './active-session.ts';
import { type CachedSession, SessionCache } from './session-cache.ts';
import { hashOf } from './token-hash.ts';

export interface SessionSettings {
  /** How long a session lasts after its last activity. */
  readonly lifetimeMs: number;
  /** How long a session is believed without asking the master again. */
  readonly cacheMs: number;
  /** Whether people's access tokens are good; those of bots always are. */
  readonly accessTokens: boolean;
}

/** Whoever holds open sockets closes those whose session has ended. */
export interface SessionSockets {
  closeSession(sessionId: string): void;
  closeUser(userId: string): void;
  closeEverybody(): void;
}

export interface SessionServiceDeps {
  readonly store: SessionStore;
  readonly sockets: SessionSockets;
  /** A causality of nobody, for what the server writes by itself. */
  readonly detached: () => Causality;
  readonly settings: () => SessionSettings;
  /** What roles bring, from memory. */
  readonly grants: () => Grants;
  readonly log: Logger;
  /** Takes note of who signs out. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** What the one who signs in gets; the only time that the token is seen. */
export interface IssuedSession {
  readonly token: string;
  readonly csrf: string;
  readonly expiresAt: number;
}

/** The last activity is written at most this often per session. */
const ACTIVITY_MS = 5 * 60_000;

/** A write may be held for many seconds during an outage; nobody who signs out should wait for that. */
const END_WAIT_MS = 1_000;

/** A bound for a long outage; far more than people sign out in one. */
const ENDED_MAX = 10_000;

/** Issues, finds and ends sessions. */
export class SessionService implements SessionAuthenticator {
  readonly #deps: SessionServiceDeps;
  readonly #now: () => number;
  readonly #cache: SessionCache;
  /** Tokens signed out while the database was away: refused here, removed there as soon as it is back. */
  readonly #endedTokens = new Set<string>();

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    this.#cache = new SessionCache({
      store: deps.store,
      now: this.#now,
      log: deps.log,
      freshMs: () => deps.settings().cacheMs,
    });
  }

  authenticate(token: string): ActiveSession | undefined | Promise<ActiveSession | undefined> {
    const tokenHash = hashOf(token);
    if (this.#endedTokens.has(tokenHash)) return undefined;
    const found = this.#cache.find(tokenHash);
    if (found instanceof Promise) return found.then((entry) => entry && this.#used(entry));
    return found && this.#used(found);
  }

  grants(): Grants {
    return this.#deps.grants();
  }

  /** Begins a session of a user who has proved who they are. */
  async issue(
    causality: Causality,
    userId: string,
    client: { deviceId: string; agent: string },
  ): Promise<IssuedSession> {
    const token = newId();
    const csrf = newId();
    const now = this.#now();
    const expiresAt = now + this.#deps.settings().lifetimeMs;
    await this.#deps.store.insert(causality, {
      id: newId(),
      tokenHash: hashOf(token),
      createAt: now,
      expiresAt,
      lastActivityAt: now,
      userId,
      deviceId: client.deviceId,
      props: { csrf, agent: client.agent.slice(0, 256) },
    });
    void this.#removeEnded();
    return { token, csrf, expiresAt };
  }

  /** Signs out. Never fails and never waits long: while the database is away, the session ends here at once and there later. */
  async end(token: string, address = ''): Promise<void> {
    const tokenHash = hashOf(token);
    // Asked in any case, because the open sockets are known by the session's id.
    const session = await Promise.resolve(this.authenticate(token)).catch(() => undefined);
    if (this.#endedTokens.size < ENDED_MAX) this.#endedTokens.add(tokenHash);
    if (session !== undefined) {
      this.#drop(session.id);
      const { userId, id: sessionId } = session;
      this.#deps.audit?.({ userId, action: '/api/v4/users/logout', extra: 'success', address, sessionId });
    }
    await atMost(this.#remove(tokenHash), END_WAIT_MS);
  }

  /** The sessions of a user, the last used first; without their tokens. Of oneself, or of others for admins. */
  async list(caller: Caller, userId: string): Promise<Session[]> {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    return (await this.#deps.store.ofUser(caller.causality, userId, this.#now())).map(present);
  }

  /** Ends one session of a user. An unknown one, or one of somebody else, is refused. */
  async revoke(caller: Caller, userId: string, sessionId: string): Promise<void> {
    const sessions = await this.list(caller, userId);
    if (!sessions.some((session) => session.id === sessionId)) {
      throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'session_id' } });
    }
    await this.#deps.store.remove(caller.causality, sessionId);
    this.#drop(sessionId);
  }

  /** Ends all sessions of a user, the caller's own included. */
  async revokeAll(caller: Caller, userId: string): Promise<void> {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    await this.#deps.store.removeOfUser(caller.causality, userId, '');
    this.userEnded(userId);
  }

  /** An access token is not good any more: its session ends, and its sockets. The store has been told. */
  accessTokenEnded(tokenId: string): void {
    this.#drop(tokenId);
  }

  /** Ends everybody's sessions, the caller's own included. */
  async revokeEverybody(caller: Caller): Promise<void> {
    await this.#deps.store.removeAll(caller.causality);
    this.#cache.forget(() => true);
    this.#deps.sockets.closeEverybody();
  }

  async setDevice(caller: Caller, deviceId: string): Promise<void> {
    await this.#deps.store.setDevice(caller.causality, caller.sessionId, deviceId);
  }

  /** The user's roles have changed: ask anew before the next request. */
  userChanged(userId: string): void {
    this.#cache.forget((session) => session.userId === userId);
  }

  /** Everybody is asked for anew before their next request; nobody is signed out while no database answers. */
  doubtAll(): void {
    this.#cache.doubtAll();
  }

  /** Sessions of the user were removed from the store: forget them, close their sockets. */
  userEnded(userId: string): void {
    this.userChanged(userId);
    this.#deps.sockets.closeUser(userId);
  }

  /** Removes what is expired or was signed out during an outage; for a timer. Never fails. */
  async tidy(): Promise<void> {
    await this.#removeEnded();
    try {
      await this.#deps.store.removeExpired(this.#deps.detached(), this.#now());
    } catch (error) {
      this.#deps.log.debug('session.tidy_failed', { error });
    }
  }

  #drop(sessionId: string): void {
    this.#cache.forget((session) => session.id === sessionId);
    this.#deps.sockets.closeSession(sessionId);
  }

  /** Notes that a session is in use; the database hears of it now and then, and nobody waits for it. */
  #used(entry: CachedSession): ActiveSession | undefined {
    const { accessTokenOf } = entry.session;
    if (accessTokenOf !== undefined) {
      return accessTokenOf === 'bot' || this.#deps.settings().accessTokens ? entry.session : undefined;
    }
    const now = this.#now();
    if (now - entry.lastActivityAt >= ACTIVITY_MS) {
      entry.lastActivityAt = now;
      const expiresAt = now + this.#deps.settings().lifetimeMs;
      entry.session = { ...entry.session, expiresAt: Math.max(entry.session.expiresAt, expiresAt) };
      this.#deps.store
        .touch(this.#deps.detached(), entry.session.id, now, expiresAt)
        .catch((error: unknown) => this.#deps.log.debug('session.touch_failed', { error }));
    }
    return entry.session;
  }

  async #removeEnded(): Promise<void> {
    for (const tokenHash of this.#endedTokens) {
      if (!(await this.#remove(tokenHash))) return;
    }
  }

  /** Whether the session is out of the database as well. */
  async #remove(tokenHash: string): Promise<boolean> {
    try {
      await this.#deps.store.removeByTokenHash(this.#deps.detached(), tokenHash);
      this.#endedTokens.delete(tokenHash);
      return true;
    } catch (error) {
      this.#deps.log.warn('session.end_deferred', { error });
      return false;
    }
  }
}

/** Waits for work that goes on by itself, but no longer than this. */
async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

function present(stored: SessionWithUser): Session {
  const { csrf: _secret, ...props } = stored.props;
  return {
    id: stored.id,
    create_at: stored.createAt,
    expires_at: stored.expiresAt,
    last_activity_at: stored.lastActivityAt,
    user_id: stored.userId,
    device_id: stored.deviceId,
    roles: stored.roles,
    is_oauth: false,
    props,
  };
}
