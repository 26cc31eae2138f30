export { field, formatPath, type NumberField } from './fields.ts';
export {
  type ParsedDatabaseSettings,
  type ParsedSqlSettings,
  parseSqlSettings,
  type SettingProblem,
  showSqlValue,
} from './parse.ts';
export { isSecretSqlSetting, type SqlSettings, sqlSettings } from './schema.ts';
export type { AssignedRole, ConfiguredSource, DatabaseSettings } from './settings.ts';
