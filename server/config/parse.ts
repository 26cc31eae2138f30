import type { ConfigProblem } from '../../contract/index.ts';
import { formatPath, type ParsedDatabaseSettings, parseSqlSettings } from '../database/index.ts';
import type { EnvironmentReading, Override } from './environment.ts';
import { excerptOf } from './fault-excerpt.ts';
import { type JsonMap, type Position, scanJson } from './json-scan.ts';
import { refuse, warn } from './problem.ts';
import { type Config, configSections, keysOf, type SectionName, sectionNames } from './schema.ts';
import { showValueAt } from './secrets.ts';
import { closest } from './suggestion.ts';
import { deepFreeze, isObject, type JsonObject, memberOf, showJson } from './values.ts';

/** A configuration that can be used. */
export interface ParsedConfig {
  /** The file as it is, unknown keys included. */
  readonly document: JsonObject;
  /** Defaults, then the file, then the environment. Frozen. */
  readonly config: Config;
  readonly database: ParsedDatabaseSettings;
  readonly overrides: readonly Override[];
  readonly warnings: readonly ConfigProblem[];
}

/** `problems` holds errors and warnings. */
export type ConfigParsing = { readonly parsed: ParsedConfig } | { readonly problems: readonly ConfigProblem[] };

interface Source {
  readonly document: JsonObject;
  readonly map: JsonMap;
  readonly environment: EnvironmentReading;
}

const readDocument = (text: string): { document: JsonObject; map: JsonMap } | { problem: ConfigProblem } => {
  if (text.trim() === '')
    return { problem: refuse('The file is empty. Begin with {} or config/examples/one-master.json.') };
  const scanned = scanJson(text);
  if ('fault' in scanned) {
    const { fault } = scanned;
    return { problem: { ...refuse(fault.message, { at: fault }), excerpt: excerptOf(text, fault) } };
  }
  const document: unknown = JSON.parse(text);
  if (isObject(document)) return { document, map: scanned.map };
  return {
    problem: refuse('The file must hold one JSON object: { "SqlSettings": { ... } }.', { at: { line: 1, column: 1 } }),
  };
};

const unknownName = (path: string, name: string, names: readonly string[], map: JsonMap): ConfigProblem => {
  const near = closest(name, names);
  const advice = near === undefined ? 'It is kept and has no effect.' : `It has no effect. Did you mean ${near}?`;
  // Its value is not shown: a misspelt DataSource still holds a password.
  return warn(`This server knows no such name. ${advice}`, { path, at: map.positions.get(path) });
};

const checkNames = ({ document, map }: Source): readonly ConfigProblem[] => {
  const sections = Object.keys(document)
    .filter((name) => !Object.hasOwn(configSections, name))
    .map((name) => unknownName(formatPath([name]), name, sectionNames, map));
  const keys = sectionNames.flatMap((section) => {
    const names = keysOf(section);
    const given = document[section];
    if (!isObject(given)) return [];
    return Object.keys(given)
      .filter((key) => !names.includes(key))
      .map((key) => unknownName(formatPath([section, key]), key, names, map));
  });
  const repeated = map.repeated.map(({ path, at }) =>
    refuse('This name stands twice; only one of the two can count. Remove one.', { path, at }),
  );
  return [...sections, ...keys, ...repeated];
};

/** The section as it takes effect: known keys of the file, then those of the environment. */
const effectiveSection = (section: SectionName, { document, environment }: Source): JsonObject => {
  const given = memberOf(document, section);
  const ofFile = keysOf(section).map((key) => [key, memberOf(given, key)] as const);
  const ofEnvironment = environment.overrides
    .filter((each) => each.section === section)
    .map(({ key, value }) => [key, value] as const);
  return Object.fromEntries([...ofFile, ...ofEnvironment].filter(([, value]) => value !== undefined));
};

const checkShapes = ({ document, map }: Source): readonly ConfigProblem[] =>
  sectionNames.flatMap((section) => {
    const given = memberOf(document, section);
    if (given === undefined || isObject(given)) return [];
    // A section that is a text may well be a data source.
    const value = section === 'SqlSettings' ? '' : showJson(given);
    const details = { path: section, value, at: map.positions.get(section) };
    return [refuse('A section must be an object: { "Name": value, ... }.', details)];
  });

/** Where a wrong value comes from: the file's line, or the variable that overrides it. */
const locate = (
  source: Source,
  problem: { readonly path: string; readonly value: string; readonly message: string },
): ConfigProblem => {
  const override = source.environment.overrides.find(
    ({ path }) => problem.path === path || problem.path.startsWith(`${path}[`),
  );
  if (override !== undefined) return refuse(`${problem.message} (Set by ${override.variable}.)`, problem);
  const { positions } = source.map;
  // The entries of a comma-separated text stand where the text stands.
  const at: Position | undefined = positions.get(problem.path) ?? positions.get(problem.path.replace(/\[\d+\].*$/, ''));
  return refuse(problem.message, { ...problem, at });
};

/** All sections but `SqlSettings`, and what is wrong in them. */
const readSections = (source: Source): { values: Record<string, unknown>; problems: readonly ConfigProblem[] } => {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const section of sectionNames.filter((name) => name !== 'SqlSettings')) {
    const given = effectiveSection(section, source);
    const { data, error } = configSections[section].safeParse(given);
    values[section] = data;
    for (const { path, message } of error?.issues ?? []) {
      const at = formatPath([section, ...path]);
      const value = showValueAt(at, path.reduce<unknown>(memberOf, given));
      problems.push(locate(source, { path: at, value, message }));
    }
  }
  return { values, problems };
};

/** What is allowed, and does nothing together with another setting. What the databases make of it, they tell when they are asked. */
const checkTogether = (sql: ReturnType<typeof parseSqlSettings>, { map }: Source): readonly ConfigProblem[] => {
  if ('problems' in sql || !sql.section.AutomaticPromotion) return [];
  const path = 'SqlSettings.AutomaticPromotion';
  const details = { path, at: map.positions.get(path) };
  if (!sql.section.FollowPromotion) {
    return [
      warn('It has no effect while FollowPromotion is false: a promoted replica would not be followed.', details),
    ];
  }
  if (sql.section.PatroniUrls.length === 0) return [];
  return [warn('It has no effect beside PatroniUrls: Patroni decides who is promoted.', details)];
};

const errorsFirst = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] => [
  ...problems.filter(({ severity }) => severity === 'error'),
  ...problems.filter(({ severity }) => severity === 'warning'),
];

/** Turns the text of a configuration file into a usable configuration, or says all that is wrong. Never throws. */
export const parseConfig = (text: string, environment: EnvironmentReading): ConfigParsing => {
  const read = readDocument(text);
  if ('problem' in read) return { problems: [read.problem, ...environment.problems] };
  const source = { ...read, environment };
  const { values, problems: ofSections } = readSections(source);
  const sql = parseSqlSettings(effectiveSection('SqlSettings', source));
  const ofSql = 'problems' in sql ? sql.problems : [];
  const problems = errorsFirst([
    ...checkShapes(source),
    ...ofSections,
    ...ofSql.map((each) => locate(source, { ...each, path: `SqlSettings.${each.path}` })),
    ...checkNames(source),
    ...checkTogether(sql, source),
    ...environment.problems,
  ]);
  if ('problems' in sql || problems[0]?.severity === 'error') return { problems };
  const all = { ...values, SqlSettings: sql.section };
  const config = deepFreeze(Object.fromEntries(sectionNames.map((name) => [name, memberOf(all, name)]))) as Config;
  const { overrides } = environment;
  return { parsed: { document: source.document, config, database: sql.settings, overrides, warnings: problems } };
};
