import type { ConfigChange } from '../../contract/index.ts';
import { MASK } from '../database/index.ts';
import { diffSources } from './diff-sources.ts';
import type { Override } from './environment.ts';
import type { ParsedConfig } from './parse.ts';
import { type Config, keysOf, type SectionName, sectionNames } from './schema.ts';
import { isSecretPath } from './secrets.ts';
import { effectOf } from './takes-effect.ts';
import { memberOf, sameValue, showPlain } from './values.ts';

const SOURCE_LISTS: ReadonlySet<string> = new Set(['DataSource', 'DataSourceReplicas', 'DataSourceSearchReplicas']);

interface Setting {
  readonly section: SectionName;
  readonly key: string;
  readonly path: string;
}

const settings: readonly Setting[] = sectionNames.flatMap((section) =>
  keysOf(section).map((key) => ({ section, key, path: `${section}.${key}` })),
);

const show = (path: string, value: unknown): string => {
  if (isSecretPath(path)) return value === '' || value === undefined ? '' : MASK;
  return showPlain(value);
};

const compareValue = ({ section, key, path }: Setting, running: Config, disk: Config): readonly ConfigChange[] => {
  const [before, after] = [memberOf(running[section], key), memberOf(disk[section], key)];
  if (sameValue(before, after)) return [];
  const shown = { running: show(path, before), on_disk: show(path, after) };
  const text = isSecretPath(path) ? `${path} changed.` : `${path}: ${shown.running} -> ${shown.on_disk}.`;
  return [{ path, ...shown, takes_effect: effectOf(section, key), text }];
};

/** An edit in the file that the environment hides. Mattermost ignores such edits silently. */
const compareHidden = (override: Override, running: ParsedConfig, disk: ParsedConfig): readonly ConfigChange[] => {
  const { section, key, path, variable } = override;
  const ofFile = ({ document }: ParsedConfig): unknown => memberOf(memberOf(document, section), key);
  if (sameValue(ofFile(running), ofFile(disk))) return [];
  const shown = { running: show(path, memberOf(running.config[section], key)), on_disk: show(path, ofFile(disk)) };
  const text = `${path} was edited in the file, but the environment variable ${variable} overrides it.`;
  return [{ path, ...shown, takes_effect: 'ignored-environment', text }];
};

/** The differences that matter to the pools: what a recycle would bring into effect. */
export const diffPools = (
  running: Pick<ParsedConfig, 'config' | 'database'>,
  disk: Pick<ParsedConfig, 'config' | 'database'>,
): ConfigChange[] => [
  ...diffSources(running.database.sources, disk.database.sources).map((each) => ({
    ...each,
    takes_effect: 'after-recycle' as const,
  })),
  ...settings
    .filter(({ section, key }) => effectOf(section, key) === 'after-recycle' && !SOURCE_LISTS.has(key))
    .flatMap((setting) => compareValue(setting, running.config, disk.config)),
];

/**
 * What a reload would change, one row per setting; connection strings split into their parts. Settings that the
 * environment overrides appear only where the file was edited. No row shows a secret.
 */
export const diffConfigs = (running: ParsedConfig, disk: ParsedConfig): ConfigChange[] => [
  ...diffPools(running, disk),
  ...settings
    .filter(({ section, key }) => effectOf(section, key) !== 'after-recycle')
    .flatMap((setting) => compareValue(setting, running.config, disk.config)),
  ...running.overrides.flatMap((override) => compareHidden(override, running, disk)),
];
