export { describeDataSource, formatHost } from './build.ts';
export type { DataSource, DriverName, HostPort, Secret, TlsOptions } from './data-source.ts';
export type { DataSourceFault, Finding } from './finding.ts';
export { driverOfEntry, MAX_DATA_SOURCE_LENGTH, parseDataSource, type ParsedDataSource } from './parse.ts';
export {
  type DataSourceLists,
  type DataSourceProblem,
  type LocatedSource,
  MAX_REPLICAS,
  parseDataSources,
  type ParsedDataSources,
} from './parse-list.ts';
export { createSecret, MASK } from './secret.ts';
export { splitDataSources } from './split.ts';
