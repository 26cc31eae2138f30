import {
  describeDataSource,
  type LocatedSource,
  type ParsedDatabaseSettings,
  splitDataSources,
  withMaster,
} from '../database/index.ts';
import type { EnvironmentReading, Override } from './environment.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';
import { isObject, type JsonObject, memberOf } from './values.ts';

/** The settings that list data sources. */
const lists = ['DataSource', 'DataSourceReplicas', 'DataSourceSearchReplicas'] as const;
type List = (typeof lists)[number];

export const dataSourcePaths: readonly string[] = lists.map((list) => `SqlSettings.${list}`);

export interface MovedConfig {
  readonly text: string;
  readonly parsed: ParsedConfig;
  /** What the file says now. */
  readonly before: ParsedConfig;
}

/** The entries of a list as they are written, passwords and all. */
function entriesOf(section: unknown, list: List): string[] {
  const given = memberOf(section, list);
  if (typeof given === 'string') return list === 'DataSource' ? [...splitDataSources(given)] : [];
  return Array.isArray(given) ? given.filter((entry) => typeof entry === 'string') : [];
}

/** How the text is indented, so that it can be written as it was. */
export const indentOf = (text: string): string | number => /^\{\r?\n([ \t]+)"/.exec(text.trimStart())?.[1] ?? 2;

/** Do two lists name the same databases in the same roles and order? */
export const sameOrder = (a: readonly LocatedSource[], b: readonly LocatedSource[]): boolean =>
  a.length === b.length &&
  a.every(({ source, role }, at) => b[at]?.source.fingerprint === source.fingerprint && b[at].role === role);

/**
 * The text of a configuration file with another of its data sources as the master: moved to the front of `DataSource`,
 * with the former master behind it. Every entry keeps its own text, everything else its value.
 *
 * @returns the reason when that cannot be written so that it says the same.
 */
export function moveMasterInText(
  text: string,
  name: string,
  environment: EnvironmentReading,
): MovedConfig | { readonly reason: string } {
  const now = parseConfig(text, environment);
  if ('problems' in now) return { reason: 'the file has problems' };
  const { document, database } = now.parsed;
  const wanted = withMaster(database, name);
  const chosen = database.sources.find(({ source }) => source.name === name);
  const section = memberOf(document, 'SqlSettings');
  if (chosen === undefined || !isObject(section)) return { reason: 'the file does not list the data sources' };
  const [, list = '', index = ''] = /^(\w+)\[(\d+)\]$/.exec(chosen.path) ?? [];
  const entries = Object.fromEntries(lists.map((each) => [each, entriesOf(section, each)])) as Record<List, string[]>;
  const [entry] = entries[list as List].splice(Number(index), 1);
  if (entry === undefined) return { reason: 'the file does not list the data sources' };
  const moved = { ...section, ...rewritten(entries, entry, section) };
  const written = JSON.stringify({ ...document, SqlSettings: moved }, null, indentOf(text));
  const then = parseConfig(`${written}\n`, environment);
  const same = 'parsed' in then && sameOrder(then.parsed.database.sources, wanted.sources);
  return same
    ? { text: `${written}\n`, parsed: then.parsed, before: now.parsed }
    : { reason: 'its data sources cannot be put in that order' };
}

/** Only the lists that the file has: defaults stay unwritten. */
function rewritten(entries: Record<List, string[]>, master: string, section: JsonObject): JsonObject {
  const texts: JsonObject = {
    DataSource: [master, ...entries.DataSource].join(','),
    DataSourceReplicas: entries.DataSourceReplicas,
    DataSourceSearchReplicas: entries.DataSourceSearchReplicas,
  };
  return Object.fromEntries(Object.entries(texts).filter(([list]) => Object.hasOwn(section, list)));
}

/** Where and what a person must write so that the master stays where it was moved to. Passwords are masked. */
export function settingToPaste(
  { sources: [master, ...others] }: ParsedDatabaseSettings,
  override: Override | undefined,
): { readonly setting: string; readonly text: string } {
  const inList = (list: List) => others.filter(({ path }) => path.startsWith(`${list}[`)).map(describe);
  const first = [describe(master), ...inList('DataSource')].join(',');
  if (override !== undefined) return { setting: override.variable, text: `${override.variable}=${first}` };
  const lines = [`"DataSource": ${JSON.stringify(first)}`];
  const cameFrom = lists.find((list) => list !== 'DataSource' && master.path.startsWith(`${list}[`));
  if (cameFrom !== undefined) lines.push(`"${cameFrom}": ${JSON.stringify(inList(cameFrom))}`);
  return { setting: 'SqlSettings', text: lines.join(',\n') };
}

const describe = ({ source }: LocatedSource): string => describeDataSource(source);
