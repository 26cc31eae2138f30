import type { DriverName } from '../data-source/data-source.ts';
import type { Dialect } from './dialect.ts';
import { postgresDialect } from './postgres.ts';

/**
 * The dialect of a driver.
 *
 * @throws Error for a driver without one; settings refuse it long before.
 */
export function dialectOf(driver: DriverName): Dialect {
  if (driver === 'postgres') return postgresDialect;
  throw new Error(`There is no dialect for the driver "${driver}".`);
}
