import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { Audit, AuditStore } from '../../stores/audits/index.ts';
import type { AuditEntry } from '../base/audits.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import { mayEditUser } from '../permissions/index.ts';

export interface AuditTrailDeps {
  readonly store: AuditStore;
  /** A causality of nobody: audits are written by the server itself. */
  readonly detached: () => Causality;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long an entry waits for company; default 1,000. */
  readonly gatherMs?: number;
}

const GATHER_MS = 1_000;
const BATCH_MAX = 500;
/** While the database is slow, so many wait; what comes beyond is dropped and counted. */
const WAITING_MAX = 10_000;
const KEPT_MS = 365 * 86_400_000;

/**
 * Writes down who did what, in batches and behind everybody's back: no request waits for it, and while no master takes writes the
 * entries are dropped, which the log tells. What is done to the databases has a log of its own that needs none.
 */
export class AuditTrail {
  readonly #deps: AuditTrailDeps;
  #waiting: Audit[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: AuditTrailDeps) {
    this.#deps = deps;
  }

  /** Never throws and never waits. */
  record(entry: AuditEntry): void {
    if (this.#waiting.length >= WAITING_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({
      id: newId(),
      create_at: this.#deps.now(),
      user_id: entry.userId,
      action: clean(entry.action, 512),
      extra_info: clean(entry.extra, 1_024),
      ip_address: clean(entry.address, 64),
      session_id: entry.sessionId,
    });
    this.#timer ??= setTimeout(() => void this.flush(), this.#deps.gatherMs ?? GATHER_MS).unref();
  }

  /** Writes what waits; resolves when that was tried. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Newest first, of everybody. */
  async list(caller: Caller, page: { limit: number; offset: number }): Promise<Audit[]> {
    return this.#deps.store.list(caller.causality, page);
  }

  /** Those of one user: of oneself, or of others for whoever may edit them. */
  async ofUser(caller: Caller, userId: string, page: { limit: number; offset: number }): Promise<Audit[]> {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    return this.#deps.store.list(caller.causality, page, userId);
  }

  /** Forgets what is older than a year. Returns how many that were. */
  async tidy(): Promise<number> {
    const { store, detached, now } = this.#deps;
    let removed = 0;
    for (;;) {
      const some = await store.removeBefore(detached(), now() - KEPT_MS, BATCH_MAX);
      removed += some;
      if (some < BATCH_MAX) return removed;
    }
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      try {
        await this.#deps.store.insert(this.#deps.detached(), batch);
      } catch (error) {
        this.#dropped += batch.length + this.#waiting.length;
        this.#waiting = [];
        this.#deps.logger.warn('audits.dropped', { count: this.#dropped, error });
        this.#dropped = 0;
      }
    }
    if (this.#dropped > 0) this.#deps.logger.warn('audits.dropped', { count: this.#dropped });
    this.#dropped = 0;
  }
}

/** What a database takes as text, at most `max` characters long: no NUL and no half of a character. */
const clean = (text: string, max: number): string =>
  text
    .replaceAll('\0', '')
    .slice(0, max)
    .replace(/\p{Surrogate}/gu, '\ufffd');
