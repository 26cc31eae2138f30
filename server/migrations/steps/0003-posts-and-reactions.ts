import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/** Most posts are neither replies nor edited nor pinned: partial indexes cost such a post nothing. */
export const postsAndReactions: Migration = {
  version: 3,
  name: 'posts-and-reactions',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS posts (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        editat BIGINT NOT NULL DEFAULT 0,
        deleteat BIGINT NOT NULL DEFAULT 0,
        ispinned BOOLEAN NOT NULL DEFAULT FALSE,
        hasreactions BOOLEAN NOT NULL DEFAULT FALSE,
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        rootid VARCHAR(26) NOT NULL DEFAULT '',
        originalid VARCHAR(26) NOT NULL DEFAULT '',
        pendingpostid VARCHAR(190) NOT NULL DEFAULT '',
        type VARCHAR(32) NOT NULL DEFAULT '',
        message MEDIUMTEXT NOT NULL,
        props MEDIUMTEXT NOT NULL,
        hashtags VARCHAR(1000) NOT NULL DEFAULT '',
        fileids VARCHAR(400) NOT NULL DEFAULT '[]',
        filled_pendingpostid VARCHAR(190) AS (nullif(pendingpostid, '')) STORED,
        KEY ix_posts_page (channelid, deleteat, createat, id),
        KEY ix_posts_updateat (channelid, updateat),
        KEY ix_posts_rootid (rootid, createat),
        KEY ix_posts_originalid (originalid),
        KEY ix_posts_pinned (channelid, ispinned),
        UNIQUE KEY ux_posts_pending (userid, filled_pendingpostid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS threads (
        postid VARCHAR(26) NOT NULL PRIMARY KEY,
        channelid VARCHAR(26) NOT NULL,
        replycount BIGINT NOT NULL,
        lastreplyat BIGINT NOT NULL,
        participants MEDIUMTEXT NOT NULL,
        KEY ix_threads_channelid (channelid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS reactions (
        postid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        emojiname VARCHAR(64) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        createat BIGINT NOT NULL,
        PRIMARY KEY (postid, userid, emojiname)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE posts (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        editat BIGINT NOT NULL DEFAULT 0,
        deleteat BIGINT NOT NULL DEFAULT 0,
        ispinned BOOLEAN NOT NULL DEFAULT FALSE,
        hasreactions BOOLEAN NOT NULL DEFAULT FALSE,
        userid VARCHAR(26) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        rootid VARCHAR(26) NOT NULL DEFAULT '',
        originalid VARCHAR(26) NOT NULL DEFAULT '',
        pendingpostid VARCHAR(190) NOT NULL DEFAULT '',
        type VARCHAR(32) NOT NULL DEFAULT '',
        message TEXT NOT NULL,
        props TEXT NOT NULL,
        hashtags VARCHAR(1000) NOT NULL DEFAULT '',
        fileids VARCHAR(400) NOT NULL DEFAULT '[]'
      )`,
      // Channel pages, newest first, and the neighbours of a post; ties in time are settled by the id.
      'CREATE INDEX ix_posts_page ON posts (channelid, deleteat, createat, id)',
      // What has changed since a time.
      'CREATE INDEX ix_posts_updateat ON posts (channelid, updateat)',
      `CREATE INDEX ix_posts_rootid ON posts (rootid, createat) WHERE rootid <> ''`,
      `CREATE INDEX ix_posts_originalid ON posts (originalid) WHERE originalid <> ''`,
      'CREATE INDEX ix_posts_pinned ON posts (channelid) WHERE ispinned',
      // A client that repeats a request finds its post, however late it does so.
      `CREATE UNIQUE INDEX ux_posts_pending ON posts (userid, pendingpostid) WHERE pendingpostid <> ''`,
      `CREATE TABLE threads (
        postid VARCHAR(26) NOT NULL PRIMARY KEY,
        channelid VARCHAR(26) NOT NULL,
        replycount BIGINT NOT NULL,
        lastreplyat BIGINT NOT NULL,
        participants TEXT NOT NULL
      ) WITH (fillfactor = 70)`,
      'CREATE INDEX ix_threads_channelid ON threads (channelid)',
      `CREATE TABLE reactions (
        postid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        emojiname VARCHAR(64) NOT NULL,
        channelid VARCHAR(26) NOT NULL,
        createat BIGINT NOT NULL,
        PRIMARY KEY (postid, userid, emojiname)
      )`,
    ],
  },
};
