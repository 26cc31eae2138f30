export { describeDataSource, formatHost } from './build.ts';
export type { DataSource, DriverName } from './data-source.ts';
export { parseDataSource } from './parse.ts';
export { type DataSourceLists, type LocatedSource, parseDataSources, type ParsedDataSources } from './parse-list.ts';
export { MASK } from './secret.ts';
export { splitDataSources } from './split.ts';
