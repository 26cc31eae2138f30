import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * Who follows which thread, and how far they have read it: a row stays when its user stops following, so that the thread
 * does not come back by itself. And what people have begun to write.
 */
export const threadsAndDrafts: Migration = {
  version: 8,
  name: 'threads-and-drafts',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS threadmemberships (
        postid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        following BOOLEAN NOT NULL,
        lastviewed BIGINT NOT NULL,
        lastupdated BIGINT NOT NULL,
        unreadmentions BIGINT NOT NULL,
        PRIMARY KEY (postid, userid),
        KEY ix_threadmemberships_userid (userid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS drafts (
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        rootid VARCHAR(26) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        type VARCHAR(32) NOT NULL DEFAULT '',
        message MEDIUMTEXT NOT NULL,
        props MEDIUMTEXT NOT NULL,
        fileids VARCHAR(400) NOT NULL DEFAULT '[]',
        priority TEXT NOT NULL,
        PRIMARY KEY (userid, channelid, rootid)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE threadmemberships (
        postid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        following BOOLEAN NOT NULL,
        lastviewed BIGINT NOT NULL,
        lastupdated BIGINT NOT NULL,
        unreadmentions BIGINT NOT NULL,
        PRIMARY KEY (postid, userid)
      ) WITH (fillfactor = 70)`,
      'CREATE INDEX ix_threadmemberships_userid ON threadmemberships (userid)',
      `CREATE TABLE drafts (
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        rootid VARCHAR(26) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        type VARCHAR(32) NOT NULL DEFAULT '',
        message TEXT NOT NULL,
        props TEXT NOT NULL,
        fileids VARCHAR(400) NOT NULL DEFAULT '[]',
        priority TEXT NOT NULL,
        PRIMARY KEY (userid, channelid, rootid)
      )`,
    ],
  },
};
