import type { ConfigProblem } from '../../contract/index.ts';
import { refuse, warn } from './problem.ts';
import { defaultConfig, keysOf, type SectionName, sectionNames } from './schema.ts';
import { showValueAt } from './secrets.ts';
import { closest } from './suggestion.ts';
import { memberOf } from './values.ts';

/** The variables of a process; only those that begin with `MM_` are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a variable overrides. The value is never written to the file. */
export interface Override {
  readonly section: SectionName;
  readonly key: string;
  /** `SqlSettings.DataSource`. */
  readonly path: string;
  readonly variable: string;
  readonly value: unknown;
}

export interface EnvironmentReading {
  readonly overrides: readonly Override[];
  readonly problems: readonly ConfigProblem[];
}

type Parsed = { readonly value: unknown } | { readonly message: string };

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true'].map((text) => [text, true] as const),
  ...['0', 'f', 'false'].map((text) => [text, false] as const),
]);

const parseList = (text: string): Parsed => {
  if (!text.startsWith('[')) return { value: text.split(/\s+/).filter((entry) => entry !== '') };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { message: 'must be a list separated by spaces, or a JSON list: ["...", "..."].' };
  }
};

/** Turns a variable's text into the type of the setting's default. */
const parseText = (text: string, example: unknown): Parsed => {
  if (typeof example === 'string') return { value: text };
  if (Array.isArray(example)) return parseList(text.trim());
  if (typeof example === 'boolean') {
    const value = BOOLEANS.get(text.trim().toLowerCase());
    return value === undefined ? { message: 'must be true or false.' } : { value };
  }
  return /^\s*-?\d{1,15}\s*$/.test(text) ? { value: Number(text) } : { message: 'must be a whole number.' };
};

interface Known {
  readonly section: SectionName;
  readonly key: string;
  readonly example: unknown;
}

const known: ReadonlyMap<string, Known> = new Map(
  Object.entries(defaultConfig()).flatMap(([section, values]) =>
    keysOf(section as SectionName).map((key): [string, Known] => [
      `MM_${section}_${key}`.toUpperCase(),
      { section: section as SectionName, key, example: memberOf(values, key) },
    ]),
  ),
);

/** Variables of sections that this server has; others are Mattermost's and mean nothing here. */
const unknownVariable = (variable: string): ConfigProblem => {
  const near = closest(variable, [...known.keys()]);
  const section = sectionNames.some((name) => variable.startsWith(`MM_${name.toUpperCase()}_`));
  const advice = near === undefined ? 'It has no effect.' : `It has no effect. Did you mean ${near}?`;
  return warn(
    `The environment variable ${variable} names no ${section ? 'setting' : 'section'} of this server. ${advice}`,
  );
};

/**
 * Reads Mattermost's `MM_<SECTION>_<KEY>` variables: booleans as true/false/1/0, lists separated by spaces or as a JSON
 * list (which the libpq form needs, for it contains spaces). An empty variable counts as not set, because container
 * tools pass unset ones as empty.
 */
export const readEnvironment = (environment: Environment): EnvironmentReading => {
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const [variable, text] of Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!variable.startsWith('MM_') || text === undefined || text === '') continue;
    const setting = known.get(variable);
    if (setting === undefined) {
      problems.push(unknownVariable(variable));
      continue;
    }
    const { section, key, example } = setting;
    const path = `${section}.${key}`;
    const parsed = parseText(text, example);
    if ('value' in parsed) overrides.push({ ...{ section, key, path, variable }, value: parsed.value });
    else problems.push(refuse(`${variable} ${parsed.message}`, { path, value: showValueAt(path, text) }));
  }
  return { overrides, problems };
};
