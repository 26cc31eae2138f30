import type { Status } from '../../../contract/index.ts';
import { bind, type Causality, type Database, statement } from '../../database/index.ts';

/** A user's status as it is kept. */
export interface StoredStatus {
  readonly userId: string;
  readonly status: Status['status'];
  /** Chosen by the user. */
  readonly manual: boolean;
  /** Milliseconds since 1970. */
  readonly lastActivityAt: number;
  /** When "do not disturb" ends, seconds since 1970; 0 = it does not. */
  readonly dndEndTime: number;
  /** What comes back when it ends; empty = nothing was noted. */
  readonly previous: Status['status'] | '';
}

type StatusRow = { [K in keyof StoredStatus]: StoredStatus[K] };

const BY_IDS = statement(
  'statuses.by_ids',
  (sql) => `SELECT s.userid AS "userId", s.status, s.manual, s.lastactivityat AS "lastActivityAt",
      s.dndendtime AS "dndEndTime", s.prevstatus AS previous
    FROM status s JOIN ${sql.rows('$1', { id: 'text' }, 'r')} ON r.id = s.userid`,
);
// In the order of the key, so that two servers with the same users wait for each other instead of deadlocking.
const SAVE = statement(
  'statuses.save',
  (sql) => `INSERT INTO status (userid, status, manual, lastactivityat, dndendtime, prevstatus)
    SELECT r.userid, r.status, r.manual, r.lastactivityat, r.dndendtime, r.prevstatus
    FROM ${sql.rows(
      '$1',
      {
        userid: 'text',
        status: 'text',
        manual: 'boolean',
        lastactivityat: 'bigint',
        dndendtime: 'bigint',
        prevstatus: 'text',
      },
      'r',
    )}
    ORDER BY r.userid
    ${sql.orUpdate(['userid'], ['status', 'manual', 'lastactivityat', 'dndendtime', 'prevstatus'])}`,
);
const ALL_OFFLINE = statement(
  'statuses.all_offline',
  `UPDATE status SET status = 'offline' WHERE status IN ('online', 'away', 'dnd') AND NOT manual`,
);

const REPEATABLE = { onUnknown: 'repeatable' } as const;

/** Keeps who was seen when, and what they chose to be shown as. Every method throws `DatabaseError` only. */
export class StatusStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The statuses of those who have one, in no particular order. */
  byIds(causality: Causality, userIds: readonly string[]): Promise<StoredStatus[]> {
    return this.#database.read<StatusRow>(causality, BY_IDS, idRows(userIds));
  }

  /** The same from the master: for deciding what to write. */
  latestByIds(userIds: readonly string[]): Promise<StoredStatus[]> {
    return this.#database.readLatest<StatusRow>(BY_IDS, idRows(userIds));
  }

  /** Sets all of these in one statement. No user may be in it twice. */
  async save(causality: Causality, statuses: readonly StoredStatus[]): Promise<void> {
    const rows = statuses.map((s) => ({
      userid: s.userId,
      status: s.status,
      manual: s.manual,
      lastactivityat: s.lastActivityAt,
      dndendtime: s.dndEndTime,
      prevstatus: s.previous,
    }));
    await this.#database.write(causality, bind(SAVE, JSON.stringify(rows)), REPEATABLE);
  }

  /** Everybody who has chosen nothing is offline. */
  async allOffline(causality: Causality): Promise<void> {
    await this.#database.write(causality, bind(ALL_OFFLINE), REPEATABLE);
  }
}

const idRows = (ids: readonly string[]): string => JSON.stringify(ids.map((id) => ({ id })));

export function createStatusStore(database: Database): StatusStore {
  return new StatusStore(database);
}
