import { type BoundStatement, bind, type Causality, type Database, statement } from '../../database/index.ts';

/** A session as it is kept. The token itself is nowhere: `tokenHash` is its SHA-256. */
export interface StoredSession {
  readonly id: string;
  readonly tokenHash: string;
  readonly createAt: number;
  readonly expiresAt: number;
  readonly lastActivityAt: number;
  readonly userId: string;
  readonly deviceId: string;
  readonly props: Readonly<Record<string, string>>;
}

/** A session with what its user is at this moment. */
export interface SessionWithUser extends StoredSession {
  /** System roles, separated by spaces. */
  readonly roles: string;
  /** Whether the user's account is deactivated. */
  readonly deactivated: boolean;
  /** Set when it is the session of an access token: whose. It has the id of the token and lasts as long. */
  readonly accessTokenOf?: 'person' | 'bot';
}

type SessionRow = {
  id: string;
  token: string;
  createat: number;
  expiresat: number;
  lastactivityat: number;
  userid: string;
  deviceid: string;
  props: string;
  roles: string;
  deleteat: number;
  /** MariaDB makes numbers of both in a UNION. */
  isbot: boolean | number;
  istoken: boolean | number;
};

const COLUMNS = 's.id, s.token, s.createat, s.expiresat, s.lastactivityat, s.userid, s.deviceid, s.props';
const OF_ACCOUNT = 'u.roles, u.deleteat, u.isbot';
const WITH_USER = `SELECT ${COLUMNS}, ${OF_ACCOUNT}, FALSE AS istoken FROM sessions s JOIN users u ON u.id = s.userid`;
/** Access tokens that do not end by themselves: a hundred years, as in Mattermost. */
const FOR_EVER_MS = 100 * 365 * 86_400_000;
const TOKEN_END = `CASE WHEN t.expiresat = 0 THEN t.createat + ${FOR_EVER_MS} ELSE t.expiresat END`;
/**
 * An access token is its own session, without a row in `sessions`: using it for the first time writes nothing, so it works while
 * nothing can be written, and whoever revokes it has nothing else to remove.
 */
const OF_TOKEN = `SELECT t.id, t.token, t.createat, ${TOKEN_END} AS expiresat, t.createat AS lastactivityat, t.userid,
    '' AS deviceid, '' AS props, ${OF_ACCOUNT}, TRUE AS istoken
  FROM useraccesstokens t JOIN users u ON u.id = t.userid`;

const INSERT = statement(
  'sessions.insert',
  (sql) => `INSERT INTO sessions (id, token, createat, expiresat, lastactivityat, userid, deviceid, props)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ${sql.orIgnore('sessions', ['id'])}`,
);
const BY_TOKEN = statement(
  'sessions.by_token',
  `${WITH_USER} WHERE s.token = $1 UNION ALL ${OF_TOKEN} WHERE t.token = $1 AND t.isactive`,
);
const OF_USER = statement(
  'sessions.of_user',
  `${WITH_USER} WHERE s.userid = $1 AND s.expiresat > $2
   UNION ALL ${OF_TOKEN} WHERE t.userid = $1 AND t.isactive AND ${TOKEN_END} > $2
   ORDER BY lastactivityat DESC, id`,
);
const TOUCH = statement(
  'sessions.touch',
  (sql) => `UPDATE sessions SET lastactivityat = ${sql.greatest('lastactivityat', '$2')},
    expiresat = ${sql.greatest('expiresat', '$3')} WHERE id = $1`,
);
const SET_DEVICE = statement('sessions.set_device', 'UPDATE sessions SET deviceid = $2 WHERE id = $1');
const REMOVE = statement('sessions.remove', 'DELETE FROM sessions WHERE id = $1');
const REMOVE_BY_TOKEN = statement('sessions.remove_by_token', 'DELETE FROM sessions WHERE token = $1');
const REMOVE_OF_USER = statement('sessions.remove_of_user', 'DELETE FROM sessions WHERE userid = $1 AND id <> $2');
const REMOVE_EXPIRED = statement('sessions.remove_expired', 'DELETE FROM sessions WHERE expiresat <= $1');

const REMOVE_ALL = statement('sessions.remove_all', 'DELETE FROM sessions');

const REPEATABLE = { onUnknown: 'repeatable' } as const;

/** Keeps sessions. Every method throws `DatabaseError` only. */
export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Ends the sessions of everybody. */
  async removeAll(causality: Causality): Promise<void> {
    await this.#database.write(causality, bind(REMOVE_ALL), REPEATABLE);
  }

  /** Keeps a new session; keeping it again changes nothing. */
  async insert(causality: Causality, session: StoredSession): Promise<void> {
    const { id, tokenHash, createAt, expiresAt, lastActivityAt, userId, deviceId, props } = session;
    const values = [id, tokenHash, createAt, expiresAt, lastActivityAt, userId, deviceId, JSON.stringify(props)];
    await this.#database.write(causality, bind(INSERT, ...values), REPEATABLE);
  }

  /** The newest state of the session of a token, expired or not; that of an access token only while it is active. */
  async byTokenHash(tokenHash: string): Promise<SessionWithUser | undefined> {
    const [row] = await this.#database.readLatest<SessionRow>(BY_TOKEN, tokenHash);
    return row && toSession(row);
  }

  /** The sessions of a user that are not expired at `now`, the last used first. */
  async ofUser(causality: Causality, userId: string, now: number): Promise<SessionWithUser[]> {
    return (await this.#database.read<SessionRow>(causality, OF_USER, userId, now)).map(toSession);
  }

  /** Moves the last activity and the end forward, never back. */
  async touch(causality: Causality, id: string, lastActivityAt: number, expiresAt: number): Promise<void> {
    await this.#database.write(causality, bind(TOUCH, id, lastActivityAt, expiresAt), REPEATABLE);
  }

  async setDevice(causality: Causality, id: string, deviceId: string): Promise<void> {
    await this.#database.write(causality, bind(SET_DEVICE, id, deviceId), REPEATABLE);
  }

  async remove(causality: Causality, id: string): Promise<void> {
    await this.#database.write(causality, bind(REMOVE, id), REPEATABLE);
  }

  async removeByTokenHash(causality: Causality, tokenHash: string): Promise<void> {
    await this.#database.write(causality, bind(REMOVE_BY_TOKEN, tokenHash), REPEATABLE);
  }

  /** Ends all sessions of a user but `except` (an id, or empty for none). */
  async removeOfUser(causality: Causality, userId: string, except: string): Promise<void> {
    await this.#database.write(causality, removeSessionsOfUser(userId, except), REPEATABLE);
  }

  async removeExpired(causality: Causality, now: number): Promise<void> {
    await this.#database.write(causality, bind(REMOVE_EXPIRED, now), REPEATABLE);
  }
}

/** For a transaction that changes a user and ends the sessions with it. */
export function removeSessionsOfUser(userId: string, except: string): BoundStatement {
  return bind(REMOVE_OF_USER, userId, except);
}

function toSession(row: SessionRow): SessionWithUser {
  return {
    id: row.id,
    tokenHash: row.token,
    createAt: row.createat,
    expiresAt: row.expiresat,
    lastActivityAt: row.lastactivityat,
    userId: row.userid,
    deviceId: row.deviceid,
    props: row.istoken ? propsOfToken(row) : (JSON.parse(row.props) as Record<string, string>),
    roles: row.roles,
    deactivated: row.deleteat > 0,
    ...(row.istoken ? { accessTokenOf: row.isbot ? 'bot' : 'person' } : {}),
  };
}

/** Mattermost's names. */
function propsOfToken({ id, isbot }: SessionRow): Record<string, string> {
  return { type: 'UserAccessToken', user_access_token_id: id, ...(isbot ? { is_bot: 'true' } : {}) };
}

export function createSessionStore(database: Database): SessionStore {
  return new SessionStore(database);
}
