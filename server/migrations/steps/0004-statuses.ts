import { mysqlTable } from '../mysql-table.ts';
import type { Migration } from '../migration.ts';

/** One row per user who was ever online. The server's memory is ahead of it: rows are written in batches, seconds later. */
export const statuses: Migration = {
  version: 4,
  name: 'statuses',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS status (
        userid VARCHAR(26) NOT NULL PRIMARY KEY,
        status VARCHAR(32) NOT NULL,
        manual BOOLEAN NOT NULL DEFAULT FALSE,
        lastactivityat BIGINT NOT NULL DEFAULT 0,
        dndendtime BIGINT NOT NULL DEFAULT 0,
        prevstatus VARCHAR(32) NOT NULL DEFAULT '',
        KEY ix_status_status (status)
      ) ${mysqlTable}`,
    ],
    postgres: [
      `CREATE TABLE status (
        userid VARCHAR(26) NOT NULL PRIMARY KEY,
        status VARCHAR(32) NOT NULL,
        manual BOOLEAN NOT NULL DEFAULT FALSE,
        lastactivityat BIGINT NOT NULL DEFAULT 0,
        dndendtime BIGINT NOT NULL DEFAULT 0,
        prevstatus VARCHAR(32) NOT NULL DEFAULT ''
      )`,
      'CREATE INDEX ix_status_status ON status (status)',
    ],
  },
};
