import { bind, type BoundStatement, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import { insertOnce } from '../insert-once.ts';
import { removeSessionsOfUser } from '../sessions/index.ts';
import { type FullUser, toUser, userColumns, type UserRow } from '../users/index.ts';

/** A bot before it is kept. The username is in lower case. */
export interface NewBot {
  readonly id: string;
  readonly createAt: number;
  readonly username: string;
  readonly displayName: string;
  readonly description: string;
  readonly ownerId: string;
  readonly notifyProps: Readonly<Record<string, string>>;
}

/** A bot with its account. */
export interface StoredBot {
  readonly user: FullUser;
  readonly ownerId: string;
}

/** Which bots are wanted. */
export interface BotFilter {
  /** Only this user's. */
  readonly ownerId?: string | undefined;
  /** Disabled ones too. */
  readonly includeDeleted: boolean;
  /** Only those whose owners are deactivated. */
  readonly onlyOrphaned: boolean;
}

/** What may be changed; what is left out stays. */
export interface BotPatch {
  readonly username?: string | undefined;
  readonly display_name?: string | undefined;
  readonly description?: string | undefined;
}

/** Bots. A taken name is a `DatabaseError` of kind `unique`, as of users. */
export interface BotStore {
  /** Keeps a new bot; keeping it again changes nothing. */
  insert(causality: Causality, bot: NewBot): Promise<StoredBot>;
  /** Disabled ones too. */
  byId(causality: Causality, id: string): Promise<StoredBot | undefined>;
  /** By name. */
  list(causality: Causality, filter: BotFilter, page: { limit: number; offset: number }): Promise<StoredBot[]>;
  patch(causality: Causality, id: string, patch: BotPatch, now: number): Promise<StoredBot | undefined>;
  setOwner(causality: Causality, id: string, ownerId: string, now: number): Promise<StoredBot | undefined>;
  /** Makes an account a bot: its password is forgotten, its sessions end. Undefined when there is no such account. */
  convert(causality: Causality, id: string, now: number): Promise<StoredBot | undefined>;
}

type BotRow = UserRow & { owner_id: string } & Row;

const COLUMNS = `${userColumns}, u.botownerid AS owner_id`;
/** Nobody gets mail there; it is only there because every account has an address of its own. */
const ADDRESS = (username: string): string => `${username}@localhost`;

const INSERT = statement('bots.insert', (sql) =>
  insertOnce(
    sql,
    'users',
    `id, createat, updateat, username, email, firstname, botdescription, botownerid, notifyprops,
      password, props, timezone, roles, isbot`,
    `$1, $2, $2, $3, $4, $5, $6, $7, $8, '', '{}', '{}', 'system_user', TRUE`,
  ),
);
const BY_ID = statement('bots.by_id', `SELECT ${COLUMNS} FROM users u WHERE u.id = $1 AND u.isbot`);
/** $1 the owner or empty, $2 whether disabled ones too, $3 whether orphaned ones only. */
const LIST = statement(
  'bots.list',
  `SELECT ${COLUMNS} FROM users u
   WHERE u.isbot AND ($1 = '' OR u.botownerid = $1) AND (u.deleteat = 0 OR $2)
     AND (NOT $3 OR EXISTS (SELECT 1 FROM users o WHERE o.id = u.botownerid AND o.id <> u.id AND o.deleteat > 0))
   ORDER BY u.username LIMIT $4 OFFSET $5`,
);
const PATCH = statement(
  'bots.patch',
  `UPDATE users SET updateat = $2, username = COALESCE($3, username), email = COALESCE($4, email),
     firstname = COALESCE($5, firstname), botdescription = COALESCE($6, botdescription)
   WHERE id = $1 AND isbot`,
);
const SET_OWNER = statement(
  'bots.set_owner',
  'UPDATE users SET updateat = $2, botownerid = $3 WHERE id = $1 AND isbot',
);
const CONVERT = statement(
  'bots.convert',
  `UPDATE users SET updateat = $2, isbot = TRUE, botownerid = id, password = '' WHERE id = $1 AND NOT isbot`,
);

const repeatable = { onUnknown: 'repeatable' } as const;

export function createBotStore(database: Database): BotStore {
  const change = async (
    causality: Causality,
    id: string,
    changes: readonly BoundStatement[],
  ): Promise<StoredBot | undefined> => {
    const answers = await database.writeAll(causality, [...changes, bind(BY_ID, id)], repeatable);
    return botOf(answers.at(-1)?.[0]);
  };

  return {
    async insert(causality, bot) {
      const names = [bot.username, ADDRESS(bot.username), bot.displayName, bot.description];
      const values = [bot.id, bot.createAt, ...names, bot.ownerId, JSON.stringify(bot.notifyProps)];
      return (await change(causality, bot.id, [bind(INSERT, ...values)])) as StoredBot;
    },
    byId: async (causality, id) => botOf((await database.read<BotRow>(causality, BY_ID, id))[0]),
    async list(causality, { ownerId = '', includeDeleted, onlyOrphaned }, { limit, offset }) {
      const values = [ownerId, includeDeleted, onlyOrphaned, limit, offset];
      return (await database.read<BotRow>(causality, LIST, ...values)).flatMap((row) => botOf(row) ?? []);
    },
    patch(causality, id, { username, display_name, description }, now) {
      const address = username === undefined ? null : ADDRESS(username);
      const texts = [username ?? null, address, display_name ?? null, description ?? null];
      return change(causality, id, [bind(PATCH, id, now, ...texts)]);
    },
    setOwner: (causality, id, ownerId, now) => change(causality, id, [bind(SET_OWNER, id, now, ownerId)]),
    convert: (causality, id, now) => change(causality, id, [bind(CONVERT, id, now), removeSessionsOfUser(id, '')]),
  };
}

function botOf(row: Row | undefined): StoredBot | undefined {
  if (row === undefined) return undefined;
  const { owner_id: ownerId, ...user } = row as BotRow;
  return { user: toUser(user), ownerId };
}
