import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * A bot is an account that somebody owns and nobody signs in to, so it is a row of `users`: whoever reads users reads bots, and
 * whether an author is one costs no second look. Access tokens hold the hash of a token, as sessions do. Of the emoji of
 * one name only one is not deleted: the unique index says so.
 */
export const botsAndEmoji: Migration = {
  version: 11,
  name: 'bots-and-emoji',
  statements: {
    mysql: [
      'ALTER TABLE users ADD COLUMN /*M! IF NOT EXISTS */ isbot BOOLEAN NOT NULL DEFAULT FALSE',
      `ALTER TABLE users ADD COLUMN /*M! IF NOT EXISTS */ botownerid VARCHAR(26) NOT NULL DEFAULT ''`,
      `ALTER TABLE users ADD COLUMN /*M! IF NOT EXISTS */ botdescription VARCHAR(1024) NOT NULL DEFAULT ''`,
      'ALTER TABLE users ADD KEY /*M! IF NOT EXISTS */ ix_users_bots (isbot, botownerid)',
      `CREATE TABLE IF NOT EXISTS useraccesstokens (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        token VARCHAR(64) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        description VARCHAR(255) NOT NULL,
        isactive BOOLEAN NOT NULL DEFAULT TRUE,
        createat BIGINT NOT NULL,
        expiresat BIGINT NOT NULL DEFAULT 0,
        UNIQUE KEY useraccesstokens_token_key (token),
        KEY ix_useraccesstokens_userid (userid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS emoji (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        creatorid VARCHAR(26) NOT NULL,
        name VARCHAR(64) NOT NULL,
        UNIQUE KEY emoji_name_key (name, deleteat)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `ALTER TABLE users ADD COLUMN isbot BOOLEAN NOT NULL DEFAULT FALSE,
        ADD COLUMN botownerid VARCHAR(26) NOT NULL DEFAULT '',
        ADD COLUMN botdescription VARCHAR(1024) NOT NULL DEFAULT ''`,
      'CREATE INDEX ix_users_bots ON users (botownerid) WHERE isbot',
      `CREATE TABLE useraccesstokens (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        token VARCHAR(64) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        description VARCHAR(255) NOT NULL,
        isactive BOOLEAN NOT NULL DEFAULT TRUE,
        createat BIGINT NOT NULL,
        expiresat BIGINT NOT NULL DEFAULT 0
      )`,
      'CREATE UNIQUE INDEX useraccesstokens_token_key ON useraccesstokens (token)',
      'CREATE INDEX ix_useraccesstokens_userid ON useraccesstokens (userid)',
      `CREATE TABLE emoji (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        creatorid VARCHAR(26) NOT NULL,
        name VARCHAR(64) NOT NULL
      )`,
      'CREATE UNIQUE INDEX emoji_name_key ON emoji (name, deleteat)',
    ],
  },
};
