import { type LocatedSource, MASK, parseDataSources, type ParsedDataSources } from '../data-source/index.ts';
import { parseDataFolders } from './data-folders.ts';
import { formatPath } from './fields.ts';
import { isSecretSqlSetting, type SqlSettings, sqlSettings } from './schema.ts';
import type { DatabaseSettings } from './settings.ts';

/** One thing that is wrong with `SqlSettings`; the path is within the section and the value is masked. */
export interface SettingProblem {
  readonly path: string;
  readonly value: string;
  readonly message: string;
}

/** The settings whose sources know where they are written. */
export interface ParsedDatabaseSettings extends DatabaseSettings {
  readonly sources: readonly [LocatedSource, ...LocatedSource[]];
}

export type ParsedSqlSettings =
  | { readonly settings: ParsedDatabaseSettings; readonly section: SqlSettings }
  | { readonly problems: readonly [SettingProblem, ...SettingProblem[]] };

const SECOND = 1_000;

type Section = Readonly<Record<string, unknown>>;

/** A setting that is null counts as not set, as in Mattermost. */
const withoutNulls = (section: unknown): Section =>
  typeof section === 'object' && section !== null && !Array.isArray(section)
    ? Object.fromEntries(Object.entries(section).filter(([, value]) => value !== null))
    : {};

/** A value as an operator may see it: short, and masked when it is a secret. */
const showSqlValue = (path: string, value: unknown): string => {
  if (value === undefined) return '';
  if (isSecretSqlSetting(path)) return value === '' ? '' : MASK;
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

const valueAt = (section: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[step]
        : undefined,
    section,
  );

const checkSection = (section: Section): readonly SettingProblem[] => {
  const { error } = sqlSettings.safeParse(section);
  return (error?.issues ?? []).map(({ path, message }) => {
    const at = formatPath(path);
    return { path: at, value: showSqlValue(at, valueAt(section, path)), message };
  });
};

/** A setting of the wrong type reads as its default here: its fault is reported by the schema. */
const readSources = (section: Section): ParsedDataSources => {
  const read = <K extends keyof SqlSettings>(key: K): SqlSettings[K] => {
    const kind = sqlSettings.shape[key];
    const result = kind.safeParse(section[key]);
    return (result.success ? result.data : kind.parse(undefined)) as SqlSettings[K];
  };
  return parseDataSources({
    driver: read('DriverName'),
    dataSource: read('DataSource'),
    replicas: read('DataSourceReplicas'),
    searchReplicas: read('DataSourceSearchReplicas'),
  });
};

const listOf = (path: string): string => path.replace(/\[.*/, '');

/** The entries' problems, without those that only follow from a setting that has the wrong type. */
const entryProblems = (sources: ParsedDataSources, ofSchema: readonly SettingProblem[]): readonly SettingProblem[] => {
  const broken = new Set(ofSchema.map(({ path }) => listOf(path)));
  if ('sources' in sources || broken.has('DriverName')) return [];
  return sources.problems
    .filter(({ path }) => !broken.has(listOf(path)))
    .map(({ path, value, message }) => ({ path, value, message }));
};

const toSettings = (section: SqlSettings, sources: ParsedDatabaseSettings['sources']): ParsedDatabaseSettings =>
  Object.freeze({
    sources,
    readFromMaster: section.ReadFromMaster,
    maxOpenConnections: section.MaxOpenConns,
    maxIdleConnections: Math.min(section.MaxIdleConns, section.MaxOpenConns),
    connectionLifetimeMs: section.ConnMaxLifetimeMilliseconds,
    connectionIdleMs: section.ConnMaxIdleTimeMilliseconds,
    connectTimeoutMs: section.ConnectTimeoutMilliseconds,
    acquireTimeoutMs: section.AcquireTimeoutMilliseconds,
    queryTimeoutMs: section.QueryTimeout * SECOND,
    analyticsQueryTimeoutMs: section.AnalyticsQueryTimeout * SECOND,
    migrationTimeoutMs: section.MigrationsStatementTimeoutSeconds * SECOND,
    monitorIntervalMs: section.MonitorIntervalMilliseconds,
    monitorTimeoutMs: section.MonitorTimeoutMilliseconds,
    lagLimitMs: section.ReplicaLagLimitMilliseconds,
    lagLimitBytes: section.ReplicaLagLimitBytes,
    writeHoldLimitMs: section.WriteHoldLimitMilliseconds,
    writeHoldMaximum: section.WriteHoldMaximum,
    followPromotion: section.FollowPromotion,
    automaticPromotion: section.AutomaticPromotion,
    automaticPromotionAfterMs: section.AutomaticPromotionAfterMilliseconds,
    patroniUrls: section.PatroniUrls,
    drainLimitMs: section.DrainLimitMilliseconds,
    diskCheckIntervalMs: section.DiskCheckIntervalMilliseconds,
    slotLimitBytes: section.ReplicationSlotLimitBytes,
    dataFolders: parseDataFolders(section.DataFolders),
    trace: section.Trace,
  });

/**
 * Validates the section `SqlSettings` as read from JSON and turns it into the units of the code, or reports all
 * problems at once. Missing settings and nulls take their default; unknown keys are left to the caller. Never throws.
 */
export const parseSqlSettings = (section: unknown): ParsedSqlSettings => {
  const given = withoutNulls(section);
  const ofSchema = checkSection(given);
  const sources = readSources(given);
  const [first, ...more] = [...ofSchema, ...entryProblems(sources, ofSchema)];
  if (first !== undefined) return { problems: [first, ...more] };
  // Sources have problems only where the schema or an entry has one, and then `first` is set.
  if ('problems' in sources) throw new Error('The data sources have problems that were not reported.');
  const parsed = sqlSettings.parse(given);
  return { settings: toSettings(parsed, sources.sources), section: parsed };
};
