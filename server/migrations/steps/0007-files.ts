import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * A file has its row before its first byte, so that nothing lies in the storage that no row knows of: `size` is -1 until
 * all bytes are there. Files of a post stand in the post's row as well, as ready JSON: its lists need no second look.
 */
export const files: Migration = {
  version: 7,
  name: 'files',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS fileinfo (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        creatorid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL DEFAULT '',
        postid VARCHAR(26) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        name VARCHAR(256) NOT NULL,
        extension VARCHAR(64) NOT NULL DEFAULT '',
        mimetype VARCHAR(256) NOT NULL DEFAULT '',
        size BIGINT NOT NULL DEFAULT -1,
        width INT NOT NULL DEFAULT 0,
        height INT NOT NULL DEFAULT 0,
        KEY ix_fileinfo_postid (postid, createat)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS uploadsessions (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        fileid VARCHAR(26) NOT NULL,
        createat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        filename VARCHAR(256) NOT NULL,
        filesize BIGINT NOT NULL,
        KEY ix_uploadsessions_createat (createat)
      ) ${mysqlTable}`,
      `ALTER TABLE posts ADD COLUMN /*M! IF NOT EXISTS */ files MEDIUMTEXT NOT NULL DEFAULT ('')`,
    ],
    postgres: [
      `CREATE TABLE fileinfo (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        creatorid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL DEFAULT '',
        postid VARCHAR(26) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        name VARCHAR(256) NOT NULL,
        extension VARCHAR(64) NOT NULL DEFAULT '',
        mimetype VARCHAR(256) NOT NULL DEFAULT '',
        size BIGINT NOT NULL DEFAULT -1,
        width INT NOT NULL DEFAULT 0,
        height INT NOT NULL DEFAULT 0
      )`,
      // Those of a post; and under the empty post, oldest first, those that wait for one or were forgotten.
      'CREATE INDEX ix_fileinfo_postid ON fileinfo (postid, createat)',
      `CREATE TABLE uploadsessions (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        fileid VARCHAR(26) NOT NULL,
        createat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        filename VARCHAR(256) NOT NULL,
        filesize BIGINT NOT NULL
      )`,
      'CREATE INDEX ix_uploadsessions_createat ON uploadsessions (createat)',
      `ALTER TABLE posts ADD COLUMN files TEXT NOT NULL DEFAULT ''`,
    ],
  },
};
