import type { EventData, Status } from '../../../contract/index.ts';
import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { StatusStore, StoredStatus } from '../../stores/statuses/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { OutgoingEvent, Publisher } from '../base/publisher.ts';
import { mayEditUser } from '../permissions/index.ts';
import { expired, nextStatus, type StatusCause } from './next-status.ts';

/** Statuses are written this often, and rests noticed. */
const turnMs = 5_000;
/** Rows per statement. */
const batchSize = 500;

export interface StatusServiceDeps {
  readonly store: StatusStore;
  readonly publisher: Publisher;
  /** A causality of nobody, for writes that belong to no request. */
  readonly detached: () => Causality;
  /** `TeamSettings.UserStatusAwayTimeout` in milliseconds. */
  readonly awayAfterMs: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** A user whom this server knows of: connected, or with a status that is not written yet. */
interface Present {
  status: StoredStatus;
  connected: boolean;
  /** What the table says is known, so that a choice made earlier is kept. */
  known: boolean;
  written: boolean;
}

/**
 * Who is online. Truth is in memory: sockets open and close without touching a database, rows follow in batches. So
 * statuses go on working while every database is down, and a thousand people who come back at once cost two statements.
 */
export class StatusService {
  readonly #deps: StatusServiceDeps;
  readonly #present = new Map<string, Present>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isBusy = false;
  #isWanted = false;
  #isReset = false;
  #isFailing = false;

  constructor(deps: StatusServiceDeps) {
    this.#deps = deps;
  }

  async get(caller: Caller, userId: string): Promise<Status> {
    const [status] = await this.list(caller, [userId]);
    return status ?? presentStatus(unseen(userId));
  }

  /** The statuses of all of them, in their order; whoever was never seen is offline. */
  async list(caller: Caller, userIds: readonly string[]): Promise<Status[]> {
    const stored = new Map<string, StoredStatus>();
    const absent = [...new Set(userIds)].filter((id) => !this.#present.has(id));
    if (absent.length > 0) {
      for (const row of await this.#deps.store.byIds(caller.causality, absent)) stored.set(row.userId, row);
    }
    const now = this.#deps.now();
    return userIds.map((id) => {
      const present = this.#present.get(id);
      if (present) return presentStatus(expired(present.status, { now }));
      const row = stored.get(id) ?? unseen(id);
      // "Do not disturb" that has ended while its owner was away leaves them offline.
      return presentStatus(expired(row, { now }) === row ? row : unseen(id));
    });
  }

  /** Sets what a user wants to be shown as. */
  async choose(
    caller: Caller,
    userId: string,
    choice: { readonly status: Status['status']; readonly dndEndTime: number },
  ): Promise<Status> {
    if (!mayEditUser(caller, userId)) throw new AppError('api.context.permissions.app_error');
    const present = this.#present.get(userId) ?? this.#enter(userId);
    present.known = true;
    this.#apply(present, { kind: 'chosen', ...choice });
    return presentStatus(present.status);
  }

  /** The user's first socket opened. */
  connected(userId: string): void {
    const present = this.#present.get(userId) ?? this.#enter(userId);
    present.connected = true;
    this.#apply(present, { kind: 'active' });
    // Only the table knows of a choice from an earlier day.
    if (!present.known) this.#soon();
  }

  /** The user's last socket closed. */
  disconnected(userId: string): void {
    const present = this.#present.get(userId);
    if (!present) return;
    present.connected = false;
    this.#apply(present, { kind: 'gone' });
  }

  /** A client reports its user at work, or gone. `chosen`: the user said so. */
  report(userId: string, active: boolean, chosen: boolean): void {
    const present = this.#present.get(userId);
    if (!present?.connected) return;
    const cause: StatusCause = active ? { kind: 'active' } : { kind: 'idle', chosen };
    this.#apply(present, active && chosen ? { kind: 'chosen', status: 'online', dndEndTime: 0 } : cause);
  }

  /** Whoever writes or reads a channel is at work. Called with every event. */
  observe({ event, data, to }: OutgoingEvent): void {
    if (event === 'channel_viewed' && to.user_id) this.report(to.user_id, true, false);
    if (event !== 'posted') return;
    const { set_online, post } = data as EventData<'posted'>;
    if (set_online) this.report((JSON.parse(post) as { user_id: string }).user_id, true, false);
  }

  start(): void {
    this.#timer = setInterval(() => void this.turn(), turnMs).unref();
  }

  /** Writes what is not written yet. After the last socket was closed. */
  stop(): Promise<void> {
    clearInterval(this.#timer);
    return this.turn();
  }

  /**
   * One turn: whoever rests is away, choices are read, changes written. Turns do not overlap and never throw; what comes
   * up during one is done in the next, right after it.
   */
  turn(): Promise<void> {
    this.#isWanted = true;
    if (!this.#isBusy) this.#turn = this.#turns();
    return this.#turn;
  }

  async #turns(): Promise<void> {
    this.#isBusy = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#work();
    }
    this.#isBusy = false;
  }

  async #work(): Promise<void> {
    for (const present of this.#present.values()) this.#apply(present, { kind: 'idle', chosen: false });
    try {
      await this.#reset();
      await this.#learn();
      await this.#write();
      this.#forgetAbsent();
      this.#isFailing = false;
    } catch (error) {
      // Once per outage: the next turn tries again.
      if (!this.#isFailing) this.#deps.logger.warn('statuses.not_synchronised', { error });
      this.#isFailing = true;
    }
  }

  // After a crash the table still calls those online who were then.
  async #reset(): Promise<void> {
    if (this.#isReset) return;
    await this.#deps.store.allOffline(this.#deps.detached());
    this.#isReset = true;
  }

  async #learn(): Promise<void> {
    const unknown = [...this.#present.values()].filter(({ known }) => !known).map(({ status }) => status.userId);
    for (const ids of batches(unknown)) {
      const rows = new Map((await this.#deps.store.latestByIds(ids)).map((row) => [row.userId, row]));
      for (const id of ids) this.#learned(id, rows.get(id));
    }
  }

  // A choice made meanwhile is newer than the table's.
  #learned(userId: string, row: StoredStatus | undefined): void {
    const present = this.#present.get(userId);
    if (!present || present.known) return;
    present.known = true;
    const isChosen = row?.manual === true && expired(row, { now: this.#deps.now() }) === row;
    if (isChosen) present.status = row;
    this.#tell(present.status);
  }

  async #write(): Promise<void> {
    const unwritten = [...this.#present.values()].filter(({ known, written }) => known && !written);
    for (const batch of batches(unwritten)) {
      for (const present of batch) present.written = true;
      try {
        await this.#deps.store.save(
          this.#deps.detached(),
          batch.map(({ status }) => status),
        );
      } catch (error) {
        for (const present of batch) present.written = false;
        throw error;
      }
    }
  }

  // Who has left is read from the table from now on.
  #forgetAbsent(): void {
    for (const { status, connected, known, written } of this.#present.values()) {
      if (!connected && known && written) this.#present.delete(status.userId);
    }
  }

  #soon(): void {
    setImmediate(() => void this.turn());
  }

  #enter(userId: string): Present {
    const present = { status: unseen(userId), connected: false, known: false, written: true };
    this.#present.set(userId, present);
    return present;
  }

  #apply(present: Present, cause: StatusCause): void {
    const { now, awayAfterMs } = this.#deps;
    this.#become(present, nextStatus(present.status, cause, { now: now(), awayAfterMs: awayAfterMs() }));
  }

  #become(present: Present, next: StoredStatus): void {
    const before = present.status;
    if (next === before) return;
    present.status = next;
    present.written = false;
    // Until the table was read, the status may still turn out to be a chosen one.
    if (present.known && next.status !== before.status) this.#tell(next);
  }

  #tell({ userId, status }: StoredStatus): void {
    const data = { user_id: userId, status };
    this.#deps.publisher.publish({ event: 'status_change', data, to: { user_id: userId }, token: undefined });
  }
}

function unseen(userId: string): StoredStatus {
  return { userId, status: 'offline', manual: false, lastActivityAt: 0, dndEndTime: 0, previous: '' };
}

function presentStatus({ userId, status, manual, lastActivityAt, dndEndTime }: StoredStatus): Status {
  const shown = { user_id: userId, status, manual, last_activity_at: lastActivityAt };
  return dndEndTime > 0 ? { ...shown, dnd_end_time: dndEndTime } : shown;
}

function batches<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / batchSize);
  return Array.from({ length: count }, (_, i) => items.slice(i * batchSize, (i + 1) * batchSize));
}
