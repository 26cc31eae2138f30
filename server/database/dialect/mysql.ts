import { randomInt } from 'node:crypto';
import type { Dialect } from './dialect.ts';
import { markMaster, proveMasterWritable } from './mysql-cluster.ts';
import { mysqlConnector } from './mysql-connector.ts';
import { readMysqlDisk } from './mysql-disk.ts';
import { classifyMysqlError } from './mysql-errors.ts';
import { gtidPositionOf, masterPosition, reachedGtids, replicaPosition } from './mysql-positions.ts';
import { probeMysql } from './mysql-probe.ts';
import { whyMysqlStalls } from './mysql-stall.ts';
import { mysqlSwitching } from './mysql-switching.ts';
import { mysqlVocabulary } from './mysql-vocabulary.ts';

const drawId = (): number => randomInt(1, 2 ** 48 - 1);

/** MariaDB 10.6 and later; MySQL from 8.0.17 on, the first with a byte-exact collation that does not pad. */
export const mysqlDialect: Dialect = {
  driver: 'mysql',
  vocabulary: mysqlVocabulary,
  switching: mysqlSwitching,
  connector: mysqlConnector,
  classify: classifyMysqlError,
  masterPosition,
  // NOW() is the time at which the statement began.
  serverTime: { text: 'SELECT UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS ms' },
  replicaPosition,
  positionOf: gtidPositionOf,
  reached: reachedGtids,
  // A GTID counts transactions, not bytes.
  distance: () => null,
  probe: probeMysql,
  whyStalled: whyMysqlStalls,
  readDisk: readMysqlDisk,
  // What it applied as a replica stays as it was at the promotion: its own writes count elsewhere.
  async forkPosition(connection, timeoutMs) {
    return gtidPositionOf((await connection.execute(replicaPosition, [], timeoutMs)).rows);
  },
  adopt: (connection, timeoutMs) => markMaster(connection, drawId, timeoutMs),
  async proveWritable(connection, timeoutMs) {
    await markMaster(connection, drawId, timeoutMs);
    await proveMasterWritable(connection, timeoutMs);
  },
  oldestVersion: (version) =>
    /mariadb/i.test(version) ? { number: 100_600, name: 'MariaDB 10.6' } : { number: 80_017, name: 'MySQL 8.0.17' },
};
