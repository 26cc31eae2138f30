import { describeDataSource, isSecretSqlSetting, MASK, type ParsedDatabaseSettings } from '../database/index.ts';
import { type Config, type SectionName, sectionNames } from './schema.ts';
import { showJson } from './values.ts';

const SQL = 'SqlSettings.';
const LINK_SECRET = 'FileSettings.PublicLinkSalt';

/** Does the setting at this path (`SqlSettings.DataSource[1]`) hold a secret? */
export const isSecretPath = (path: string): boolean =>
  path === LINK_SECRET || (path.startsWith(SQL) && isSecretSqlSetting(path.slice(SQL.length)));

/** The value of a problem: as JSON, masked where it is a secret. */
export const showValueAt = (path: string, value: unknown): string => {
  if (!isSecretPath(path)) return showJson(value);
  return value === undefined || value === '' ? showJson(value) : MASK;
};

/**
 * The configuration as `config.json` would be written, without a secret: data sources with a masked password, other
 * secrets as a mask. Not fit to be written back.
 */
export const maskConfig = (config: Config, { sources }: ParsedDatabaseSettings): Record<SectionName, object> => {
  const list = (name: string): readonly string[] =>
    sources.filter(({ path }) => path.startsWith(`${name}[`)).map(({ source }) => describeDataSource(source));
  const sql = {
    ...config.SqlSettings,
    DataSource: list('DataSource').join(','),
    DataSourceReplicas: list('DataSourceReplicas'),
    DataSourceSearchReplicas: list('DataSourceSearchReplicas'),
    AtRestEncryptKey: config.SqlSettings.AtRestEncryptKey === '' ? '' : MASK,
    ReplicaLagSettings: config.SqlSettings.ReplicaLagSettings.map((each) => ({ ...each, DataSource: MASK })),
  };
  const { PublicLinkSalt, ...files } = config.FileSettings;
  const masked = { SqlSettings: sql, FileSettings: { ...files, PublicLinkSalt: PublicLinkSalt === '' ? '' : MASK } };
  return { ...(Object.fromEntries(sectionNames.map((name) => [name, config[name]])) as typeof config), ...masked };
};
