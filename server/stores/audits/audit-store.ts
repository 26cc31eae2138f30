import { bind, type Causality, type Database, statement } from '../../database/index.ts';

/** One thing that somebody did, under the names of the API. */
export interface Audit {
  readonly id: string;
  readonly create_at: number;
  /** Empty for a stranger. */
  readonly user_id: string;
  readonly action: string;
  readonly extra_info: string;
  readonly ip_address: string;
  readonly session_id: string;
}

export interface AuditPage {
  readonly limit: number;
  readonly offset: number;
}

export interface AuditStore {
  /** Keeps them; keeping them again changes nothing. */
  insert(causality: Causality, audits: readonly Audit[]): Promise<void>;
  /** Newest first; without `userId` those of everybody. */
  list(causality: Causality, page: AuditPage, userId?: string): Promise<Audit[]>;
  /** Forgets what is older, and returns how many that were; at most `limit` at a time. */
  removeBefore(causality: Causality, createAt: number, limit: number): Promise<number>;
}

const columns = 'id, createat, userid, action, extrainfo, ipaddress, sessionid';
const rowColumns = {
  id: 'text',
  createat: 'bigint',
  userid: 'text',
  action: 'text',
  extrainfo: 'text',
  ipaddress: 'text',
  sessionid: 'text',
} as const;
const INSERT = statement(
  'audits.insert',
  (sql) => `INSERT INTO audits (${columns})
    SELECT r.id, r.createat, r.userid, r.action, r.extrainfo, r.ipaddress, r.sessionid
    FROM ${sql.rows('$1', rowColumns, 'r')} WHERE TRUE ${sql.orIgnore('audits', ['id'])}`,
);
const shown = `id, createat AS create_at, userid AS user_id, action, extrainfo AS extra_info, ipaddress AS ip_address,
  sessionid AS session_id`;
const LIST = statement('audits.list', `SELECT ${shown} FROM audits ORDER BY createat DESC, id DESC LIMIT $1 OFFSET $2`);
const OF_USER = statement(
  'audits.of_user',
  `SELECT ${shown} FROM audits WHERE userid = $3 ORDER BY createat DESC, id DESC LIMIT $1 OFFSET $2`,
);
const EXPIRED = statement('audits.expired', 'SELECT id FROM audits WHERE createat < $1 ORDER BY createat, id LIMIT $2');
export const REMOVE = statement('audits.remove', (sql) => {
  const expired = `SELECT r.id FROM ${sql.rows('$1', { id: 'key' }, 'r')}`;
  // MariaDB would read every audit there is for an `IN`, and look for each in the list.
  return sql.can.writeInCte
    ? `DELETE FROM audits WHERE id IN (${expired})`
    : `DELETE a FROM (${expired}) n STRAIGHT_JOIN audits a ON a.id = n.id`;
});

const REPEATABLE = { onUnknown: 'repeatable' } as const;

export function createAuditStore(database: Database): AuditStore {
  return {
    async insert(causality, audits) {
      const rows = audits.map((audit) => ({
        id: audit.id,
        createat: audit.create_at,
        userid: audit.user_id,
        action: audit.action,
        extrainfo: audit.extra_info,
        ipaddress: audit.ip_address,
        sessionid: audit.session_id,
      }));
      await database.write(causality, bind(INSERT, JSON.stringify(rows)), REPEATABLE);
    },
    list: (causality, { limit, offset }, userId) =>
      userId === undefined
        ? database.read<Audit & Record<string, string | number>>(causality, LIST, limit, offset)
        : database.read<Audit & Record<string, string | number>>(causality, OF_USER, limit, offset, userId),
    async removeBefore(causality, createAt, limit) {
      const expired = await database.readLatest<{ id: string }>(EXPIRED, createAt, limit);
      if (expired.length > 0) await database.write(causality, bind(REMOVE, JSON.stringify(expired)), REPEATABLE);
      return expired.length;
    },
  };
}
