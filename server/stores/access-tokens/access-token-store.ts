import type { AccessToken } from '../../../contract/index.ts';
import { bind, type Causality, type Database, type Row, statement } from '../../database/index.ts';
import { likeText } from '../like-text.ts';

/** A token before it is kept. The token itself is nowhere: `tokenHash` is its SHA-256. */
export interface NewAccessToken {
  readonly id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly description: string;
  readonly createAt: number;
  /** 0 = it does not end by itself. */
  readonly expiresAt: number;
}

export interface TokenPage {
  readonly limit: number;
  readonly offset: number;
}

/** Personal access tokens. As sessions they are found by `SessionStore.byTokenHash`. */
export interface AccessTokenStore {
  /** Keeps a new token; keeping it again changes nothing. */
  insert(causality: Causality, token: NewAccessToken): Promise<void>;
  /** The newest state: it decides who may change the token. */
  byId(id: string): Promise<AccessToken | undefined>;
  /** Those of a user, the newest first. */
  ofUser(causality: Causality, userId: string, page: TokenPage): Promise<AccessToken[]>;
  /** Those of everybody, the newest first. */
  list(causality: Causality, page: TokenPage): Promise<AccessToken[]>;
  /** Those with this id, of the user with this id, and of users whose names begin so; may lag behind. */
  search(term: string, limit: number): Promise<AccessToken[]>;
  setActive(causality: Causality, id: string, active: boolean): Promise<void>;
  remove(causality: Causality, id: string): Promise<void>;
}

interface TokenRow extends Row {
  readonly id: string;
  readonly userid: string;
  readonly description: string;
  readonly isactive: boolean;
  readonly expiresat: number;
}

const COLUMNS = 't.id, t.userid, t.description, t.isactive, t.expiresat';
const NEWEST_FIRST = 'ORDER BY t.createat DESC, t.id';

const INSERT = statement(
  'access_tokens.insert',
  (sql) => `INSERT INTO useraccesstokens (id, token, userid, description, createat, expiresat)
    VALUES ($1, $2, $3, $4, $5, $6) ${sql.orIgnore('useraccesstokens', ['id'])}`,
);
const BY_ID = statement('access_tokens.by_id', `SELECT ${COLUMNS} FROM useraccesstokens t WHERE t.id = $1`);
const OF_USER = statement(
  'access_tokens.of_user',
  `SELECT ${COLUMNS} FROM useraccesstokens t WHERE t.userid = $1 ${NEWEST_FIRST} LIMIT $2 OFFSET $3`,
);
const LIST = statement(
  'access_tokens.list',
  `SELECT ${COLUMNS} FROM useraccesstokens t ${NEWEST_FIRST} LIMIT $1 OFFSET $2`,
);
/** There are few tokens: they are looked through. $1 the term, $2 the same as a pattern. */
const SEARCH = statement(
  'access_tokens.search',
  (sql) => `SELECT ${COLUMNS} FROM useraccesstokens t JOIN users u ON u.id = t.userid
    WHERE t.id = $1 OR t.userid = $1 OR ${sql.startsWith('u.username', '$2')} ${NEWEST_FIRST} LIMIT $3`,
);
const SET_ACTIVE = statement('access_tokens.set_active', 'UPDATE useraccesstokens SET isactive = $2 WHERE id = $1');
const REMOVE = statement('access_tokens.remove', 'DELETE FROM useraccesstokens WHERE id = $1');

const repeatable = { onUnknown: 'repeatable' } as const;

export function createAccessTokenStore(database: Database): AccessTokenStore {
  return {
    async insert(causality, { id, tokenHash, userId, description, createAt, expiresAt }) {
      await database.write(
        causality,
        bind(INSERT, id, tokenHash, userId, description, createAt, expiresAt),
        repeatable,
      );
    },
    async byId(id) {
      const [row] = await database.readLatest<TokenRow>(BY_ID, id);
      return row && tokenOf(row);
    },
    async ofUser(causality, userId, { limit, offset }) {
      return (await database.read<TokenRow>(causality, OF_USER, userId, limit, offset)).map(tokenOf);
    },
    async list(causality, { limit, offset }) {
      return (await database.read<TokenRow>(causality, LIST, limit, offset)).map(tokenOf);
    },
    async search(term, limit) {
      return (await database.readStale<TokenRow>(SEARCH, term, likeText(term), limit)).map(tokenOf);
    },
    async setActive(causality, id, active) {
      await database.write(causality, bind(SET_ACTIVE, id, active), repeatable);
    },
    async remove(causality, id) {
      await database.write(causality, bind(REMOVE, id), repeatable);
    },
  };
}

function tokenOf({ id, userid, description, isactive, expiresat }: TokenRow): AccessToken {
  return {
    id,
    user_id: userid,
    description,
    is_active: isactive,
    ...(expiresat > 0 && { expires_at: expiresat }),
  };
}
