import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * `channels` and `channelmembers` are updated with every post: no index holds a column that posting changes, and the
 * pages keep room, so that an update stays on its page and touches no index (heap-only tuples).
 */
export const teamsAndChannels: Migration = {
  version: 2,
  name: 'teams-and-channels',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS systems (
        name VARCHAR(64) NOT NULL PRIMARY KEY,
        value VARCHAR(1024) NOT NULL
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS teams (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        displayname VARCHAR(64) NOT NULL,
        name VARCHAR(64) NOT NULL,
        description VARCHAR(255) NOT NULL DEFAULT '',
        email VARCHAR(128) NOT NULL DEFAULT '',
        type VARCHAR(1) NOT NULL,
        companyname VARCHAR(64) NOT NULL DEFAULT '',
        alloweddomains VARCHAR(1000) NOT NULL DEFAULT '',
        inviteid VARCHAR(32) NOT NULL,
        allowopeninvite BOOLEAN NOT NULL DEFAULT FALSE,
        schemeid VARCHAR(26) NOT NULL DEFAULT '',
        lastteamiconupdate BIGINT NOT NULL DEFAULT 0,
        UNIQUE KEY ux_teams_name (name),
        UNIQUE KEY ux_teams_inviteid (inviteid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS teammembers (
        teamid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        roles VARCHAR(256) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        schemeuser BOOLEAN NOT NULL DEFAULT TRUE,
        schemeadmin BOOLEAN NOT NULL DEFAULT FALSE,
        schemeguest BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (teamid, userid),
        KEY ix_teammembers_userid (userid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS channels (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        teamid VARCHAR(26) NOT NULL DEFAULT '',
        type VARCHAR(1) NOT NULL,
        displayname VARCHAR(64) NOT NULL DEFAULT '',
        name VARCHAR(64) NOT NULL,
        header VARCHAR(1024) NOT NULL DEFAULT '',
        purpose VARCHAR(250) NOT NULL DEFAULT '',
        creatorid VARCHAR(26) NOT NULL DEFAULT '',
        lastpostat BIGINT NOT NULL DEFAULT 0,
        lastrootpostat BIGINT NOT NULL DEFAULT 0,
        totalmsgcount BIGINT NOT NULL DEFAULT 0,
        totalmsgcountroot BIGINT NOT NULL DEFAULT 0,
        extraupdateat BIGINT NOT NULL DEFAULT 0,
        schemeid VARCHAR(26) NOT NULL DEFAULT '',
        lower_name VARCHAR(64) AS (lower(name)) VIRTUAL,
        lower_displayname VARCHAR(64) AS (lower(displayname)) VIRTUAL,
        UNIQUE KEY ux_channels_name_teamid (name, teamid),
        KEY ix_channels_teamid_displayname (teamid, displayname)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS channelmembers (
        channelid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        roles VARCHAR(256) NOT NULL DEFAULT '',
        lastviewedat BIGINT NOT NULL DEFAULT 0,
        msgcount BIGINT NOT NULL DEFAULT 0,
        msgcountroot BIGINT NOT NULL DEFAULT 0,
        mentioncount BIGINT NOT NULL DEFAULT 0,
        mentioncountroot BIGINT NOT NULL DEFAULT 0,
        urgentmentioncount BIGINT NOT NULL DEFAULT 0,
        notifyprops MEDIUMTEXT NOT NULL,
        lastupdateat BIGINT NOT NULL DEFAULT 0,
        schemeuser BOOLEAN NOT NULL DEFAULT TRUE,
        schemeadmin BOOLEAN NOT NULL DEFAULT FALSE,
        schemeguest BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (channelid, userid),
        KEY ix_channelmembers_userid (userid, channelid)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS channelmemberhistory (
        channelid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        jointime BIGINT NOT NULL,
        leavetime BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (channelid, userid, jointime)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE systems (
        name VARCHAR(64) NOT NULL PRIMARY KEY,
        value VARCHAR(1024) NOT NULL
      )`,
      `CREATE TABLE teams (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        displayname VARCHAR(64) NOT NULL,
        name VARCHAR(64) NOT NULL,
        description VARCHAR(255) NOT NULL DEFAULT '',
        email VARCHAR(128) NOT NULL DEFAULT '',
        type VARCHAR(1) NOT NULL,
        companyname VARCHAR(64) NOT NULL DEFAULT '',
        alloweddomains VARCHAR(1000) NOT NULL DEFAULT '',
        inviteid VARCHAR(32) NOT NULL,
        allowopeninvite BOOLEAN NOT NULL DEFAULT FALSE,
        schemeid VARCHAR(26) NOT NULL DEFAULT '',
        lastteamiconupdate BIGINT NOT NULL DEFAULT 0
      )`,
      'CREATE UNIQUE INDEX ux_teams_name ON teams (name)',
      'CREATE UNIQUE INDEX ux_teams_inviteid ON teams (inviteid)',
      `CREATE TABLE teammembers (
        teamid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        roles VARCHAR(256) NOT NULL DEFAULT '',
        createat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        schemeuser BOOLEAN NOT NULL DEFAULT TRUE,
        schemeadmin BOOLEAN NOT NULL DEFAULT FALSE,
        schemeguest BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (teamid, userid)
      )`,
      'CREATE INDEX ix_teammembers_userid ON teammembers (userid)',
      `CREATE TABLE channels (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        updateat BIGINT NOT NULL,
        deleteat BIGINT NOT NULL DEFAULT 0,
        teamid VARCHAR(26) NOT NULL DEFAULT '',
        type VARCHAR(1) NOT NULL,
        displayname VARCHAR(64) NOT NULL DEFAULT '',
        name VARCHAR(64) NOT NULL,
        header VARCHAR(1024) NOT NULL DEFAULT '',
        purpose VARCHAR(250) NOT NULL DEFAULT '',
        creatorid VARCHAR(26) NOT NULL DEFAULT '',
        lastpostat BIGINT NOT NULL DEFAULT 0,
        lastrootpostat BIGINT NOT NULL DEFAULT 0,
        totalmsgcount BIGINT NOT NULL DEFAULT 0,
        totalmsgcountroot BIGINT NOT NULL DEFAULT 0,
        extraupdateat BIGINT NOT NULL DEFAULT 0,
        schemeid VARCHAR(26) NOT NULL DEFAULT ''
      ) WITH (fillfactor = 70)`,
      'CREATE UNIQUE INDEX ux_channels_name_teamid ON channels (name, teamid)',
      'CREATE INDEX ix_channels_teamid_displayname ON channels (teamid, displayname)',
      `CREATE TABLE channelmembers (
        channelid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        roles VARCHAR(256) NOT NULL DEFAULT '',
        lastviewedat BIGINT NOT NULL DEFAULT 0,
        msgcount BIGINT NOT NULL DEFAULT 0,
        msgcountroot BIGINT NOT NULL DEFAULT 0,
        mentioncount BIGINT NOT NULL DEFAULT 0,
        mentioncountroot BIGINT NOT NULL DEFAULT 0,
        urgentmentioncount BIGINT NOT NULL DEFAULT 0,
        notifyprops TEXT NOT NULL,
        lastupdateat BIGINT NOT NULL DEFAULT 0,
        schemeuser BOOLEAN NOT NULL DEFAULT TRUE,
        schemeadmin BOOLEAN NOT NULL DEFAULT FALSE,
        schemeguest BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (channelid, userid)
      ) WITH (fillfactor = 70)`,
      'CREATE INDEX ix_channelmembers_userid ON channelmembers (userid, channelid)',
      `CREATE TABLE channelmemberhistory (
        channelid VARCHAR(26) NOT NULL,
        userid VARCHAR(26) NOT NULL,
        jointime BIGINT NOT NULL,
        leavetime BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (channelid, userid, jointime)
      )`,
    ],
  },
};
