import { DatabaseError } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { SessionStore, SessionWithUser } from '../../stores/sessions/index.ts';
import { LruMap } from '../base/lru-map.ts';
import type { ActiveSession } from './active-session.ts';

export interface SessionCacheDeps {
  readonly store: Pick<SessionStore, 'byTokenHash'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
  /** How long a session is believed without asking the master again, in milliseconds. */
  readonly freshMs: () => number;
}

export interface CachedSession {
  session: ActiveSession;
  /** When the master last told it. */
  loadedAt: number;
  /** What the database has, or will soon have, as the last activity. */
  lastActivityAt: number;
  /** The question to the master that is under way. */
  refreshing: Promise<void> | undefined;
  /** The last question failed: nobody waits for the next, which is asked from this time on. 0 = it did not fail. */
  unreachableUntil: number;
}

const CAPACITY = 20_000;
const ASK_AGAIN_MS = 1_000;

/**
 * Sessions in memory, by the hash of their token. A session that was seen once is good as long as the master cannot
 * be asked: nobody is signed out because a database is down, and the System Console stays usable.
 */
export class SessionCache {
  readonly #deps: SessionCacheDeps;
  readonly #entries = new LruMap<string, CachedSession>(CAPACITY);
  readonly #loading = new Map<string, Promise<CachedSession | undefined>>();
  /** Counts the revocations: what was read before one may be of yesterday when it arrives. */
  #revocations = 0;

  constructor(deps: SessionCacheDeps) {
    this.#deps = deps;
  }

  /**
   * The session of a token; without a promise when memory knows. Expired ones and those of deactivated users are
   * `undefined`.
   *
   * @throws DatabaseError when memory knows nothing and the master cannot be asked.
   */
  find(tokenHash: string): CachedSession | undefined | Promise<CachedSession | undefined> {
    const entry = this.#entries.get(tokenHash);
    const now = this.#deps.now();
    if (entry === undefined || now >= entry.session.expiresAt) return this.#load(tokenHash);
    if (now - entry.loadedAt < this.#deps.freshMs()) return entry;
    if (now < entry.unreachableUntil) return entry;
    entry.refreshing ??= this.#refresh(tokenHash, entry);
    if (entry.unreachableUntil > 0) return entry;
    return entry.refreshing.then(() => this.#entries.get(tokenHash));
  }

  /** Forgets sessions, so that the master is asked about them next. */
  forget(matches: (session: ActiveSession) => boolean): void {
    this.#revocations++;
    for (const [tokenHash, entry] of this.#entries.entries()) {
      if (matches(entry.session)) this.#entries.delete(tokenHash);
    }
  }

  /** The master is asked about every session before its next use. While it cannot be asked, they stay good. */
  doubtAll(): void {
    this.#revocations++;
    for (const [, entry] of this.#entries.entries()) {
      entry.loadedAt = Number.NEGATIVE_INFINITY;
      entry.unreachableUntil = 0;
    }
  }

  #load(tokenHash: string): Promise<CachedSession | undefined> {
    const underWay = this.#loading.get(tokenHash);
    if (underWay !== undefined) return underWay;
    const loading = this.#ask(tokenHash).finally(() => this.#loading.delete(tokenHash));
    this.#loading.set(tokenHash, loading);
    return loading;
  }

  async #ask(tokenHash: string): Promise<CachedSession | undefined> {
    const revocations = this.#revocations;
    const stored = await this.#deps.store.byTokenHash(tokenHash);
    if (revocations !== this.#revocations) return this.#ask(tokenHash);
    const now = this.#deps.now();
    if (stored === undefined || stored.deactivated || now >= stored.expiresAt) {
      this.#entries.delete(tokenHash);
      return undefined;
    }
    const entry: CachedSession = {
      session: toActive(stored),
      loadedAt: now,
      lastActivityAt: stored.lastActivityAt,
      refreshing: undefined,
      unreachableUntil: 0,
    };
    this.#entries.set(tokenHash, entry);
    return entry;
  }

  /** Never fails: an answer that does not come leaves the session as it is. */
  async #refresh(tokenHash: string, entry: CachedSession): Promise<void> {
    try {
      await this.#ask(tokenHash);
    } catch (error) {
      if (entry.unreachableUntil === 0)
        this.#deps.log.warn('session.kept_without_database', { error: describe(error) });
      entry.unreachableUntil = this.#deps.now() + ASK_AGAIN_MS;
    } finally {
      entry.refreshing = undefined;
    }
  }
}

function describe(error: unknown): string {
  return error instanceof DatabaseError ? `${error.kind}: ${error.message}` : String(error);
}

function toActive(stored: SessionWithUser): ActiveSession {
  return {
    id: stored.id,
    userId: stored.userId,
    roles: stored.roles.split(' '),
    csrf: stored.props['csrf'] ?? '',
    expiresAt: stored.expiresAt,
    ...(stored.accessTokenOf && { accessTokenOf: stored.accessTokenOf }),
  };
}
