import type { DriverName } from '../data-source/data-source.ts';
import type { Dialect } from './dialect.ts';
import { mysqlDialect } from './mysql.ts';
import { postgresDialect } from './postgres.ts';

const dialects: Readonly<Record<DriverName, Dialect>> = { postgres: postgresDialect, mysql: mysqlDialect };

/** The dialect of a driver. */
export function dialectOf(driver: DriverName): Dialect {
  return dialects[driver];
}
