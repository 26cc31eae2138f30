import type { ConfigChange, ConfigProblem } from '../../contract/index.ts';
import { withMaster } from '../database/index.ts';
import { diffConfigs } from './diff.ts';
import type { EnvironmentReading } from './environment.ts';
import { HIDDEN, unmask } from './mask.ts';
import { indentOf, sameOrder } from './move-master.ts';
import { type ParsedConfig, parseConfig } from './parse.ts';
import { refuse } from './problem.ts';
import { type Config, defaultConfig, keysOf, type SectionName, sectionNames } from './schema.ts';
import { isSecretPath, maskConfig } from './secrets.ts';
import { isObject, type JsonObject, memberOf, sameValue } from './values.ts';

/** Settings that somebody sends, as `section -> key -> value`. Unknown names are passed over, `null` means "not set". */
export interface ConfigEdit {
  readonly given: JsonObject;
  /** What is not given returns to its default, but for secrets. Otherwise it stays. */
  readonly whole: boolean;
  /** Settings for which this says no keep their value silently, as in Mattermost. Default: yes to all. */
  readonly mayWrite?: (section: SectionName, key: string) => boolean;
  /** Called with what would change before anything is written; what it throws ends the edit. */
  readonly check?: (changes: readonly ConfigChange[], next: Config) => void;
}

/** The file with the edit in it; `text` is what it would hold. */
export interface EditedConfig {
  readonly text: string;
  readonly parsed: ParsedConfig;
  readonly changes: ConfigChange[];
}

interface Basis {
  readonly running: ParsedConfig;
  readonly environment: EnvironmentReading;
}

interface Setting {
  readonly section: SectionName;
  readonly key: string;
}

const KEEP = Symbol('keep');
const DROP = Symbol('drop');
const defaults = defaultConfig();

/** The value that the file gets, or that the setting stays or leaves the file. */
function wanted({ section, key }: Setting, edit: ConfigEdit, { running, environment }: Basis): unknown {
  const path = `${section}.${key}`;
  // What the environment sets is none of the file's: the variable's value must not get into it.
  if (environment.overrides.some((each) => each.path === path)) return KEEP;
  if (edit.mayWrite?.(section, key) === false) return KEEP;
  const value = memberOf(memberOf(edit.given, section), key);
  if (value === undefined) return edit.whole && !isSecretPath(path) ? DROP : KEEP;
  if (!isSecretPath(path)) return value;
  const shown = memberOf(maskConfig(running.config, running.database)[section], key);
  const meant = unmask({ key, value, shown }, running);
  return meant === undefined ? KEEP : meant;
}

/** A section of the file after the edit: everything that is not touched is as it was written, defaults stay unwritten. */
function editedSection(
  section: SectionName,
  edit: ConfigEdit,
  basis: Basis,
): { readonly after: JsonObject | undefined; readonly hidden: readonly string[] } {
  const written = memberOf(basis.running.document, section);
  const after: Record<string, unknown> = { ...(isObject(written) ? written : {}) };
  const hidden: string[] = [];
  for (const key of keysOf(section)) {
    const value = wanted({ section, key }, edit, basis);
    const isWritten = memberOf(written, key) !== undefined;
    const effective = isWritten ? after[key] : memberOf(defaults[section], key);
    if (value === HIDDEN) hidden.push(`${section}.${key}`);
    else if (value === DROP) delete after[key];
    else if (value !== KEEP && !sameValue(value, effective)) after[key] = value;
  }
  return { after: written === undefined && Object.keys(after).length === 0 ? undefined : after, hidden };
}

function checkShapes({ given }: ConfigEdit): ConfigProblem[] {
  return sectionNames
    .filter((section) => memberOf(given, section) !== undefined && !isObject(memberOf(given, section)))
    .map((section) => refuse('A section must be an object: { "Name": value, ... }.', { path: section }));
}

// A master that was followed and not written to the file stays the master, unless the edit lists the sources anew.
function withRunningMaster(before: ParsedConfig, after: ParsedConfig, running: ParsedConfig): ParsedConfig {
  const { name } = running.database.sources[0].source;
  if (!sameOrder(before.database.sources, after.database.sources)) return after;
  return { ...after, database: withMaster(after.database, name) };
}

/** Lines and columns are those of a text that nobody has seen. */
const withoutPlace = ({ excerpt: _, ...problem }: ConfigProblem): ConfigProblem => ({
  ...problem,
  line: null,
  column: null,
});

/**
 * Puts settings into the text of the file that is running. Everything else keeps its value, unknown names included.
 *
 * @returns all that is wrong when the result could not be used.
 */
export function editConfigText(
  text: string,
  edit: ConfigEdit,
  basis: Basis,
): EditedConfig | { readonly problems: readonly ConfigProblem[] } {
  const before = parseConfig(text, basis.environment);
  if ('problems' in before) return before;
  const { running, environment } = basis;
  const document: Record<string, unknown> = { ...before.parsed.document };
  const problems = checkShapes(edit);
  for (const section of sectionNames) {
    const { after, hidden } = editedSection(section, edit, basis);
    if (after !== undefined) document[section] = after;
    problems.push(...hidden.map((path) => refuse('Its secret is hidden: give the whole text, with it.', { path })));
  }
  const written = `${JSON.stringify(document, null, indentOf(text))}\n`;
  const then = parseConfig(written, environment);
  if ('problems' in then || problems.length > 0) {
    return { problems: [...problems, ...('problems' in then ? then.problems.map(withoutPlace) : [])] };
  }
  const parsed = withRunningMaster(before.parsed, then.parsed, running);
  return { text: written, parsed, changes: diffConfigs(running, parsed) };
}
