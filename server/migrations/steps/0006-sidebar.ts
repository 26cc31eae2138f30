import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/** How each user has arranged their channels of a team. A channel is in one category: the key says so. */
export const sidebar: Migration = {
  version: 6,
  name: 'sidebar',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS sidebarcategories (
        id VARCHAR(128) NOT NULL PRIMARY KEY,
        userid VARCHAR(26) NOT NULL,
        teamid VARCHAR(26) NOT NULL,
        sortorder BIGINT NOT NULL,
        sorting VARCHAR(64) NOT NULL DEFAULT '',
        type VARCHAR(64) NOT NULL,
        displayname VARCHAR(64) NOT NULL,
        muted BOOLEAN NOT NULL DEFAULT FALSE,
        collapsed BOOLEAN NOT NULL DEFAULT FALSE,
        KEY ix_sidebarcategories_userid_teamid (userid, teamid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS sidebarchannels (
        userid VARCHAR(26) NOT NULL,
        teamid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        categoryid VARCHAR(128) NOT NULL,
        sortorder BIGINT NOT NULL,
        PRIMARY KEY (userid, teamid, channelid)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE sidebarcategories (
        id VARCHAR(128) NOT NULL PRIMARY KEY,
        userid VARCHAR(26) NOT NULL,
        teamid VARCHAR(26) NOT NULL,
        sortorder BIGINT NOT NULL,
        sorting VARCHAR(64) NOT NULL DEFAULT '',
        type VARCHAR(64) NOT NULL,
        displayname VARCHAR(64) NOT NULL,
        muted BOOLEAN NOT NULL DEFAULT FALSE,
        collapsed BOOLEAN NOT NULL DEFAULT FALSE
      )`,
      'CREATE INDEX ix_sidebarcategories_userid_teamid ON sidebarcategories (userid, teamid)',
      `CREATE TABLE sidebarchannels (
        userid VARCHAR(26) NOT NULL,
        teamid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        categoryid VARCHAR(128) NOT NULL,
        sortorder BIGINT NOT NULL,
        PRIMARY KEY (userid, teamid, channelid)
      )`,
    ],
  },
};
