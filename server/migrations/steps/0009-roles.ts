import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * What the roles bring. The server fills in the built-in ones at its start, so that a later version brings its own; their
 * permissions stand in one text, names with spaces between them, as nothing asks the database for a single one.
 */
export const roles: Migration = {
  version: 9,
  name: 'roles',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS roles (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        name VARCHAR(64) NOT NULL,
        displayname VARCHAR(128) NOT NULL DEFAULT '',
        description VARCHAR(1024) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        permissions MEDIUMTEXT NOT NULL,
        schememanaged BOOLEAN NOT NULL DEFAULT FALSE,
        builtin BOOLEAN NOT NULL DEFAULT FALSE,
        UNIQUE KEY ux_roles_name (name)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE roles (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        name VARCHAR(64) NOT NULL,
        displayname VARCHAR(128) NOT NULL DEFAULT '',
        description VARCHAR(1024) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        permissions TEXT NOT NULL,
        schememanaged BOOLEAN NOT NULL DEFAULT FALSE,
        builtin BOOLEAN NOT NULL DEFAULT FALSE
      )`,
      'CREATE UNIQUE INDEX ux_roles_name ON roles (name)',
    ],
  },
};
