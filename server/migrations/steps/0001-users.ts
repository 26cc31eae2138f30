import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * Names and e-mail addresses are unique whatever their case. The operator class lets one index serve the search for
 * beginnings as well. Sessions hold the hash of a token, never the token.
 */
export const users: Migration = {
  version: 1,
  name: 'users',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS users (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        username VARCHAR(64) NOT NULL,
        password VARCHAR(255) NOT NULL,
        authservice VARCHAR(32) NOT NULL DEFAULT '',
        email VARCHAR(128) NOT NULL,
        emailverified BOOLEAN NOT NULL DEFAULT FALSE,
        nickname VARCHAR(64) NOT NULL DEFAULT '',
        firstname VARCHAR(64) NOT NULL DEFAULT '',
        lastname VARCHAR(64) NOT NULL DEFAULT '',
        position VARCHAR(128) NOT NULL DEFAULT '',
        roles VARCHAR(256) NOT NULL,
        props MEDIUMTEXT NOT NULL,
        notifyprops MEDIUMTEXT NOT NULL,
        timezone MEDIUMTEXT NOT NULL,
        locale VARCHAR(5) NOT NULL DEFAULT 'en',
        lastpasswordupdate BIGINT NOT NULL DEFAULT 0,
        lastpictureupdate BIGINT NOT NULL DEFAULT 0,
        lower_username VARCHAR(64) AS (lower(username)) STORED,
        lower_email VARCHAR(128) AS (lower(email)) STORED,
        lower_nickname VARCHAR(64) AS (lower(nickname)) STORED,
        lower_firstname VARCHAR(64) AS (lower(firstname)) STORED,
        lower_lastname VARCHAR(64) AS (lower(lastname)) STORED,
        UNIQUE KEY users_username_key (lower_username),
        UNIQUE KEY users_email_key (lower_email),
        KEY ix_users_nickname (lower_nickname),
        KEY ix_users_firstname (lower_firstname),
        KEY ix_users_lastname (lower_lastname),
        KEY ix_users_createat (createat)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS sessions (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        token VARCHAR(64) NOT NULL,
        createat BIGINT NOT NULL,
        expiresat BIGINT NOT NULL,
        lastactivityat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL,
        deviceid VARCHAR(512) NOT NULL DEFAULT '',
        isoauth BOOLEAN NOT NULL DEFAULT FALSE,
        props MEDIUMTEXT NOT NULL,
        UNIQUE KEY sessions_token_key (token),
        KEY ix_sessions_userid (userid),
        KEY ix_sessions_expiresat (expiresat)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS preferences (
        userid VARCHAR(26) NOT NULL,
        category VARCHAR(32) NOT NULL,
        name VARCHAR(64) NOT NULL,
        value MEDIUMTEXT NOT NULL,
        PRIMARY KEY (userid, category, name)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE users (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        username VARCHAR(64) NOT NULL,
        password VARCHAR(255) NOT NULL,
        authservice VARCHAR(32) NOT NULL DEFAULT '',
        email VARCHAR(128) NOT NULL,
        emailverified BOOLEAN NOT NULL DEFAULT FALSE,
        nickname VARCHAR(64) NOT NULL DEFAULT '',
        firstname VARCHAR(64) NOT NULL DEFAULT '',
        lastname VARCHAR(64) NOT NULL DEFAULT '',
        position VARCHAR(128) NOT NULL DEFAULT '',
        roles VARCHAR(256) NOT NULL,
        props TEXT NOT NULL,
        notifyprops TEXT NOT NULL,
        timezone TEXT NOT NULL,
        locale VARCHAR(5) NOT NULL DEFAULT 'en',
        lastpasswordupdate BIGINT NOT NULL DEFAULT 0,
        lastpictureupdate BIGINT NOT NULL DEFAULT 0
      )`,
      'CREATE UNIQUE INDEX users_username_key ON users (lower(username) text_pattern_ops)',
      'CREATE UNIQUE INDEX users_email_key ON users (lower(email) text_pattern_ops)',
      'CREATE INDEX ix_users_nickname ON users (lower(nickname) text_pattern_ops)',
      'CREATE INDEX ix_users_firstname ON users (lower(firstname) text_pattern_ops)',
      'CREATE INDEX ix_users_lastname ON users (lower(lastname) text_pattern_ops)',
      'CREATE INDEX ix_users_createat ON users (createat)',
      `CREATE TABLE sessions (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        token VARCHAR(64) NOT NULL,
        createat BIGINT NOT NULL,
        expiresat BIGINT NOT NULL,
        lastactivityat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL,
        deviceid VARCHAR(512) NOT NULL DEFAULT '',
        isoauth BOOLEAN NOT NULL DEFAULT FALSE,
        props TEXT NOT NULL
      )`,
      'CREATE UNIQUE INDEX sessions_token_key ON sessions (token)',
      'CREATE INDEX ix_sessions_userid ON sessions (userid)',
      'CREATE INDEX ix_sessions_expiresat ON sessions (expiresat)',
      `CREATE TABLE preferences (
        userid VARCHAR(26) NOT NULL,
        category VARCHAR(32) NOT NULL,
        name VARCHAR(64) NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (userid, category, name)
      )`,
    ],
  },
};
