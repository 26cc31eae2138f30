import { bind, type Causality, type Database, type SqlValue, type Statement, statement } from '../../database/index.ts';
import { insertOnce } from '../insert-once.ts';
import { removeSessionsOfUser } from '../sessions/index.ts';
import { listQuery, searchQuery, type UserFilter } from './user-filter.ts';
import { type FullUser, toUser, userColumns, type UserRow } from './user-row.ts';

/** A user before it is kept. Username and e-mail address are in lower case; `password` is a hash. */
export interface NewUser {
  readonly id: string;
  readonly createAt: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly nickname: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly locale: string;
  readonly notifyProps: Readonly<Record<string, string>>;
}

/** What a user may change; what is left out stays. */
export interface UserPatch {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly nickname?: string | undefined;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  readonly position?: string | undefined;
  readonly locale?: string | undefined;
  readonly props?: Readonly<Record<string, string>> | undefined;
  readonly notify_props?: Readonly<Record<string, string>> | undefined;
  readonly timezone?: Readonly<Record<string, string>> | undefined;
}

/** Names of the unique indexes, as `DatabaseError.constraint` tells them. */
export const usernameKey = 'users_username_key';
export const emailKey = 'users_email_key';

const FIRST_ACCOUNT = 'FirstAccountId';

// The row in `systems` decides between two who sign up first at the same moment: the second waits for it.
const CLAIM_FIRST = statement(
  'users.claim_first',
  (sql) => `INSERT INTO systems (name, value) VALUES ('${FIRST_ACCOUNT}', $1) ${sql.orIgnore('systems', ['name'])}`,
);
const INSERT = statement('users.insert', (sql) =>
  insertOnce(
    sql,
    'users',
    `id, createat, updateat, username, email, password, nickname, firstname, lastname,
      locale, notifyprops, props, timezone, lastpasswordupdate, roles`,
    `$1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', '{}', $2, CASE
      WHEN EXISTS (SELECT 1 FROM systems WHERE name = '${FIRST_ACCOUNT}' AND value = $11)
      THEN 'system_user system_admin' ELSE 'system_user' END`,
  ),
);
const ANY = statement('users.any', 'SELECT u.id FROM users u LIMIT 1');
const BY_ID = statement('users.by_id', `SELECT ${userColumns} FROM users u WHERE u.id = $1`);
const BY_IDS = statement(
  'users.by_ids',
  (sql) => `SELECT ${userColumns} FROM users u JOIN ${sql.rows('$1', { id: 'text' }, 'r')} ON r.id = u.id
    WHERE u.updateat > $2 ORDER BY u.username`,
);
const BY_USERNAME = statement(
  'users.by_username',
  (sql) => `SELECT ${userColumns} FROM users u WHERE ${sql.lower('u.username')} = $1`,
);
const BY_USERNAMES = statement(
  'users.by_usernames',
  (sql) => `SELECT ${userColumns} FROM users u
    JOIN ${sql.rows('$1', { name: 'text' }, 'r')} ON ${sql.lower('u.username')} = r.name ORDER BY u.username`,
);
const BY_EMAIL = statement(
  'users.by_email',
  (sql) => `SELECT ${userColumns} FROM users u WHERE ${sql.lower('u.email')} = $1`,
);
const CREDENTIALS = statement(
  'users.credentials',
  (sql) => `SELECT ${userColumns}, u.password FROM users u
   WHERE ${sql.lower('u.username')} = $1 OR ${sql.lower('u.email')} = $1 OR u.id = $1
   ORDER BY u.id = $1 DESC, ${sql.lower('u.username')} = $1 DESC LIMIT 1`,
);
const KNOWN = statement(
  'users.known',
  `SELECT DISTINCT other.userid AS id FROM channelmembers mine JOIN channelmembers other ON other.channelid = mine.channelid
   WHERE mine.userid = $1 AND other.userid <> $1`,
);
/** $1 whose group channels, $2 channels. */
const IN_GROUP_CHANNELS = statement(
  'users.in_group_channels',
  (sql) => `SELECT c.id AS channel_id, ${userColumns} FROM ${sql.rows('$2', { id: 'text' }, 'r')}
    JOIN channels c ON c.id = r.id AND c.type = 'G'
    JOIN channelmembers mine ON mine.channelid = c.id AND mine.userid = $1
    JOIN channelmembers other ON other.channelid = c.id AND other.userid <> $1
    JOIN users u ON u.id = other.userid ORDER BY c.id, u.username`,
);
const COUNT = statement('users.count', 'SELECT COUNT(*) AS n FROM users u WHERE u.deleteat = 0 AND NOT u.isbot');
const ADMINS = statement(
  'users.admins',
  `SELECT u.id FROM users u WHERE u.deleteat = 0 AND NOT u.isbot AND ' ' || u.roles || ' ' LIKE '% system_admin %'`,
);
const ACTIVE_BOTS_OF = statement(
  'users.active_bots_of',
  `SELECT ${userColumns} FROM users u
   WHERE u.isbot AND u.botownerid = $1 AND u.id <> $1 AND u.deleteat = 0 ORDER BY u.id`,
);
const PATCH = statement(
  'users.patch',
  `UPDATE users u SET updateat = $2, username = COALESCE($3, username), email = COALESCE($4, email),
     nickname = COALESCE($5, nickname), firstname = COALESCE($6, firstname), lastname = COALESCE($7, lastname),
     position = COALESCE($8, position), locale = COALESCE($9, locale), props = COALESCE($10, props),
     notifyprops = COALESCE($11, notifyprops), timezone = COALESCE($12, timezone)
   WHERE u.id = $1`,
);
const SET_PASSWORD = statement(
  'users.set_password',
  'UPDATE users SET password = $2, lastpasswordupdate = $3, updateat = $3 WHERE id = $1',
);
const SET_DELETE_AT = statement('users.set_delete_at', 'UPDATE users SET deleteat = $2, updateat = $3 WHERE id = $1');
const SET_ROLES = statement('users.set_roles', 'UPDATE users SET roles = $2, updateat = $3 WHERE id = $1');
const SET_PICTURE = statement(
  'users.set_picture',
  'UPDATE users SET lastpictureupdate = $2, updateat = $3 WHERE id = $1',
);
const VERIFY_EMAIL = statement(
  'users.verify_email',
  'UPDATE users SET emailverified = TRUE, updateat = $2 WHERE id = $1',
);
const REACH = statement(
  'users.reach',
  `SELECT EXISTS (SELECT 1 FROM teammembers tm WHERE tm.userid = $1 AND tm.teamid = $2 AND tm.deleteat = 0) AS team,
     EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.userid = $1 AND cm.channelid = $3)
     OR EXISTS (SELECT 1 FROM channels c JOIN teammembers tm ON tm.teamid = c.teamid
       WHERE c.id = $3 AND c.type = 'O' AND tm.userid = $1 AND tm.deleteat = 0) AS channel`,
);

const REPEATABLE = { onUnknown: 'repeatable' } as const;
const jsonOrNull = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));

/** Keeps users. Names and addresses are given in lower case. Every method throws `DatabaseError` only. */
export class UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async #find(causality: Causality, query: Statement, ...values: SqlValue[]): Promise<FullUser[]> {
    return (await this.#database.read<UserRow>(causality, query, ...values)).map(toUser);
  }

  /**
   * Keeps a new user; keeping it again changes nothing. With `claimsFirst` it becomes system admin, unless another
   * account has claimed that before. A taken name or address is a `DatabaseError` of kind `unique`.
   */
  async insert(causality: Causality, user: NewUser, claimsFirst: boolean): Promise<FullUser> {
    const { id, createAt, username, email, password, nickname, firstName, lastName, locale } = user;
    const names = [username, email, password, nickname, firstName, lastName, locale];
    const insert = bind(INSERT, id, createAt, ...names, JSON.stringify(user.notifyProps), id);
    const claim = claimsFirst ? [bind(CLAIM_FIRST, id)] : [];
    const results = await this.#database.writeAll(causality, [...claim, insert, bind(BY_ID, id)], REPEATABLE);
    return toUser(results.at(-1)?.[0] as UserRow);
  }

  /** Whether there is any account, deactivated ones included. */
  async isEmpty(): Promise<boolean> {
    return (await this.#database.readLatest(ANY)).length === 0;
  }

  async byId(causality: Causality, id: string): Promise<FullUser | undefined> {
    return (await this.#find(causality, BY_ID, id))[0];
  }

  /** Those of the ids that exist and changed after `since` (ms), by name. */
  byIds(causality: Causality, ids: readonly string[], since = -1): Promise<FullUser[]> {
    return this.#find(causality, BY_IDS, JSON.stringify([...new Set(ids)].map((id) => ({ id }))), since);
  }

  async byUsername(causality: Causality, username: string): Promise<FullUser | undefined> {
    return (await this.#find(causality, BY_USERNAME, username))[0];
  }

  byUsernames(causality: Causality, usernames: readonly string[]): Promise<FullUser[]> {
    return this.#find(causality, BY_USERNAMES, JSON.stringify([...new Set(usernames)].map((name) => ({ name }))));
  }

  async byEmail(causality: Causality, email: string): Promise<FullUser | undefined> {
    return (await this.#find(causality, BY_EMAIL, email))[0];
  }

  /** The newest state of the account with this username, address or id, and the hash of its password. */
  async credentials(loginId: string): Promise<{ user: FullUser; passwordHash: string } | undefined> {
    const [row] = await this.#database.readLatest<UserRow & { password: string }>(CREDENTIALS, loginId);
    if (row === undefined) return undefined;
    const { password, ...user } = row;
    return { user: toUser(user), passwordHash: password };
  }

  list(causality: Causality, filter: UserFilter, page: { limit: number; offset: number; newestFirst: boolean }) {
    const query = listQuery(filter, page.newestFirst, page.limit, page.offset);
    return this.#find(causality, query.statement, ...query.values);
  }

  /** May lag behind: for search and completion. */
  async search(filter: UserFilter, term: string, options: { byEmail: boolean; limit: number }): Promise<FullUser[]> {
    const query = searchQuery(filter, term, options.byEmail, options.limit);
    return (await this.#database.readStale<UserRow>(query.statement, ...query.values)).map(toUser);
  }

  /** Ids of everybody who shares a channel with the user. */
  async known(causality: Causality, id: string): Promise<string[]> {
    return (await this.#database.read<{ id: string }>(causality, KNOWN, id)).map((row) => row.id);
  }

  /** The others in those of the channels that are group channels of the user, by channel and name. */
  async inGroupChannels(
    causality: Causality,
    id: string,
    channelIds: readonly string[],
  ): Promise<{ channelId: string; user: FullUser }[]> {
    const channels = JSON.stringify([...new Set(channelIds)].map((channelId) => ({ id: channelId })));
    const rows = await this.#database.read<UserRow & { channel_id: string }>(
      causality,
      IN_GROUP_CHANNELS,
      id,
      channels,
    );
    return rows.map(({ channel_id: channelId, ...user }) => ({ channelId, user: toUser(user) }));
  }

  /** How many people have an active account, bots not counted; may lag behind. */
  async count(): Promise<number> {
    return (await this.#database.readStale<{ n: number }>(COUNT))[0]?.n ?? 0;
  }

  /** Ids of the active system admins who can sign in: bots cannot. */
  async admins(): Promise<string[]> {
    return (await this.#database.readLatest<{ id: string }>(ADMINS)).map((row) => row.id);
  }

  /** The user's bots that are not disabled, as the master knows them. */
  async activeBotsOf(ownerId: string): Promise<FullUser[]> {
    return (await this.#database.readLatest<UserRow>(ACTIVE_BOTS_OF, ownerId)).map(toUser);
  }

  /** The changed user, or `undefined` when there is none. Throws `unique` as `insert` does. */
  async patch(causality: Causality, id: string, patch: UserPatch, now: number): Promise<FullUser | undefined> {
    const names = [patch.username, patch.email, patch.nickname, patch.first_name, patch.last_name];
    const texts = [...names, patch.position, patch.locale].map((text) => text ?? null);
    const maps = [patch.props, patch.notify_props, patch.timezone].map(jsonOrNull);
    const change = bind(PATCH, id, now, ...texts, ...maps);
    const [, rows] = await this.#database.writeAll(causality, [change, bind(BY_ID, id)], REPEATABLE);
    const row = rows?.[0] as UserRow | undefined;
    return row && toUser(row);
  }

  /** Also ends the user's sessions but `exceptSession`. */
  async setPassword(causality: Causality, id: string, change: { hash: string; now: number; exceptSession: string }) {
    const { hash, now, exceptSession } = change;
    const both = [bind(SET_PASSWORD, id, hash, now), removeSessionsOfUser(id, exceptSession)];
    await this.#database.writeAll(causality, both, REPEATABLE);
  }

  /** Deactivating also ends the user's sessions. */
  setActive(causality: Causality, id: string, active: boolean, now: number): Promise<void> {
    return this.setAllActive(causality, [id], active, now);
  }

  /** The same for several users together. */
  async setAllActive(causality: Causality, ids: readonly string[], active: boolean, now: number): Promise<void> {
    const changes = ids.toSorted().flatMap((id) => {
      const set = bind(SET_DELETE_AT, id, active ? 0 : now, now);
      return active ? [set] : [set, removeSessionsOfUser(id, '')];
    });
    await this.#database.writeAll(causality, changes, REPEATABLE);
  }

  /** `roles` separated by spaces. */
  async setRoles(causality: Causality, id: string, roles: string, now: number): Promise<void> {
    await this.#database.write(causality, bind(SET_ROLES, id, roles, now), REPEATABLE);
  }

  /** When the picture was set; negative = it was taken away then. Returns the user, or `undefined` when there is none. */
  async setPicture(causality: Causality, id: string, at: number, now: number): Promise<FullUser | undefined> {
    const change = bind(SET_PICTURE, id, at, now);
    const [, rows] = await this.#database.writeAll(causality, [change, bind(BY_ID, id)], REPEATABLE);
    const row = rows?.[0] as UserRow | undefined;
    return row && toUser(row);
  }

  /** Takes the user's address as theirs. Returns the user, or `undefined` when there is none. */
  async verifyEmail(causality: Causality, id: string, now: number): Promise<FullUser | undefined> {
    const change = bind(VERIFY_EMAIL, id, now);
    const [, rows] = await this.#database.writeAll(causality, [change, bind(BY_ID, id)], REPEATABLE);
    const row = rows?.[0] as UserRow | undefined;
    return row && toUser(row);
  }

  /** Whether the user is in the team, and may see the channel: a member, or it is open and in one of their teams. */
  async reach(causality: Causality, id: string, teamId: string, channelId: string) {
    const [row] = await this.#database.read<{ team: boolean; channel: boolean }>(
      causality,
      REACH,
      id,
      teamId,
      channelId,
    );
    return row ?? { team: false, channel: false };
  }
}

export function createUserStore(database: Database): UserStore {
  return new UserStore(database);
}
