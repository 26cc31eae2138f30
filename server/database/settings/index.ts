export { field, formatPath } from './fields.ts';
export { type ParsedDatabaseSettings, parseSqlSettings } from './parse.ts';
export { isSecretSqlSetting, sqlSettings } from './schema.ts';
export type { DatabaseSettings } from './settings.ts';
export { withMaster } from './with-master.ts';
