import type { Migration } from '../migration.ts';

/** One row per change of the master, written to the new one: whoever has more of them is not a former master. */
export const databaseEpochs: Migration = {
  version: 5,
  name: 'database-epochs',
  statements: {
    mysql: [
      `CREATE TABLE IF NOT EXISTS databaseepochs (
        epoch BIGINT NOT NULL PRIMARY KEY,
        master VARCHAR(512) NOT NULL,
        clusterid VARCHAR(128) NOT NULL,
        timeline BIGINT NOT NULL,
        changedat BIGINT NOT NULL
      ) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    ],
    postgres: [
      `CREATE TABLE databaseepochs (
        epoch BIGINT NOT NULL PRIMARY KEY,
        master VARCHAR(512) NOT NULL,
        clusterid VARCHAR(128) NOT NULL,
        timeline BIGINT NOT NULL,
        changedat BIGINT NOT NULL
      )`,
    ],
  },
};
