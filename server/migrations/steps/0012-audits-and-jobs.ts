import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/**
 * Who did what, for administrators, and work that the server does for them. Audits are read newest first, of everybody or of one
 * user; ids of one millisecond settle ties.
 */
export const auditsAndJobs: Migration = {
  version: 12,
  name: 'audits-and-jobs',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS audits (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL DEFAULT '',
        action VARCHAR(512) NOT NULL,
        extrainfo VARCHAR(1024) NOT NULL DEFAULT '',
        ipaddress VARCHAR(64) NOT NULL DEFAULT '',
        sessionid VARCHAR(26) NOT NULL DEFAULT '',
        KEY ix_audits_createat (createat, id),
        KEY ix_audits_userid (userid, createat, id)
      ) ${mysqlTable}`,
      `CREATE TABLE IF NOT EXISTS jobs (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        type VARCHAR(32) NOT NULL,
        priority BIGINT NOT NULL DEFAULT 0,
        createat BIGINT NOT NULL,
        startat BIGINT NOT NULL DEFAULT 0,
        lastactivityat BIGINT NOT NULL,
        status VARCHAR(32) NOT NULL,
        progress BIGINT NOT NULL DEFAULT 0,
        data MEDIUMTEXT NOT NULL,
        KEY ix_jobs_createat (createat, id),
        KEY ix_jobs_type (type, createat, id)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE audits (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        createat BIGINT NOT NULL,
        userid VARCHAR(26) NOT NULL DEFAULT '',
        action VARCHAR(512) NOT NULL,
        extrainfo VARCHAR(1024) NOT NULL DEFAULT '',
        ipaddress VARCHAR(64) NOT NULL DEFAULT '',
        sessionid VARCHAR(26) NOT NULL DEFAULT ''
      )`,
      'CREATE INDEX ix_audits_createat ON audits (createat, id)',
      'CREATE INDEX ix_audits_userid ON audits (userid, createat, id)',
      `CREATE TABLE jobs (
        id VARCHAR(26) NOT NULL PRIMARY KEY,
        type VARCHAR(32) NOT NULL,
        priority BIGINT NOT NULL DEFAULT 0,
        createat BIGINT NOT NULL,
        startat BIGINT NOT NULL DEFAULT 0,
        lastactivityat BIGINT NOT NULL,
        status VARCHAR(32) NOT NULL,
        progress BIGINT NOT NULL DEFAULT 0,
        data TEXT NOT NULL
      )`,
      'CREATE INDEX ix_jobs_createat ON jobs (createat, id)',
      'CREATE INDEX ix_jobs_type ON jobs (type, createat, id)',
    ],
  },
};
