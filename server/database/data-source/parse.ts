import { buildDataSource } from './build.ts';
import type { DataSource, DriverName } from './data-source.ts';
import { fault, type Finding, type Reading } from './finding.ts';
import { driverOfForm, type Form, formOf } from './form.ts';
import { readGoMysql } from './go-mysql.ts';
import { readLibpq } from './libpq.ts';
import { readMysqlUrl, readPostgresUrl } from './url.ts';

/** The most characters that one setting of data sources may have; far above nine long ones. */
export const MAX_DATA_SOURCE_LENGTH = 16_384;

const READERS: Readonly<Record<Form, (entry: string) => Reading>> = {
  'postgres-url': readPostgresUrl,
  libpq: readLibpq,
  'mysql-url': readMysqlUrl,
  'go-mysql': readGoMysql,
};

const ENGINE = { postgres: 'PostgreSQL', mysql: 'MySQL' } as const;

export type ParsedDataSource = { readonly source: DataSource } | { readonly findings: readonly Finding[] };

/** The driver that the form of `entry` belongs to; undefined when it has no known form. */
export const driverOfEntry = (entry: string): DriverName | undefined => {
  const form = formOf(entry.trim());
  return form === undefined ? undefined : driverOfForm(form);
};

const checkForm = (entry: string, form: Form | undefined, driver: DriverName): Finding | undefined => {
  if (entry === '') {
    return fault('empty', 'This entry is empty. Remove the comma too many, or write the data source.').finding;
  }
  if (entry.length > MAX_DATA_SOURCE_LENGTH) {
    return fault(
      'too-long',
      `This is longer than ${MAX_DATA_SOURCE_LENGTH} characters, more than nine data sources need.`,
    ).finding;
  }
  if (form === undefined) {
    return fault(
      'unknown-form',
      'This is no data source. Write postgres://user:password@host:port/database or host=... dbname=... user=... ' +
        '(MySQL: mysql://user:password@host:port/database or user:password@tcp(host:port)/database).',
    ).finding;
  }
  const found = driverOfForm(form);
  if (found === driver) return undefined;
  return fault(
    'wrong-driver',
    `This is a ${ENGINE[found]} data source, but DriverName is "${driver}". Change the one or the other.`,
  ).finding;
};

/**
 * Parses one connection string in any of the four forms. Never throws; says everything that is wrong with the entry,
 * never quoting it.
 */
export const parseDataSource = (entry: string, driver: DriverName): ParsedDataSource => {
  const text = entry.trim();
  const form = text.length > MAX_DATA_SOURCE_LENGTH ? undefined : formOf(text);
  const problem = checkForm(text, form, driver);
  if (problem !== undefined || form === undefined) return { findings: problem === undefined ? [] : [problem] };
  const reading = READERS[form](text);
  return 'finding' in reading ? { findings: [reading.finding] } : buildDataSource(reading.parts);
};
