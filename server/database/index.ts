export { DatabaseError, type FailureKind, type Outcome } from './errors.ts';
export type { SqlVocabulary } from './dialect/dialect.ts';
export type { Causality, Token } from './query/causality.ts';
export type { Database, Transaction, WriteOptions } from './query/database.ts';
export { bind, statement, type BoundStatement, type Row, type SqlValue, type Statement } from './query/statement.ts';
export type { AssignedRole, ConfiguredSource, DatabaseSettings } from './settings/settings.ts';
export {
  type DataSource,
  type DataSourceFault,
  type DataSourceProblem,
  describeDataSource,
  type DriverName,
  formatHost,
  type HostPort,
  type LocatedSource,
  MASK,
  MAX_REPLICAS,
  parseDataSource,
  parseDataSources,
  type Secret,
  splitDataSources,
  type TlsOptions,
} from './data-source/index.ts';
