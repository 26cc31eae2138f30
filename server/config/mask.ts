import { describeDataSource, MASK, splitDataSources } from '../database/index.ts';
import type { ParsedConfig } from './parse.ts';
import { isObject, memberOf, sameValue } from './values.ts';

/** Settings that list data sources. */
const lists = ['DataSource', 'DataSourceReplicas', 'DataSourceSearchReplicas'] as const;

/** Stands for a secret that stays: ours, and the asterisks of Mattermost's clients. */
const isMask = (text: string): boolean => text === MASK || /^\*{3,}$/.test(text);

/** A text that cannot be used, because a part of it is hidden and nobody knows what is behind. */
export const HIDDEN = Symbol('hidden');

/** The entries of the file by what is shown of them: `postgres://u:••••@host/db` -> the text with its password. */
const entriesShown = ({ document, database }: ParsedConfig): ReadonlyMap<string, string> => {
  const section = memberOf(document, 'SqlSettings');
  const written = lists.flatMap((list) => {
    const given = memberOf(section, list);
    const entries: unknown[] =
      typeof given === 'string' ? [...splitDataSources(given)] : Array.isArray(given) ? given : [];
    return entries.map((entry, at): [string, unknown] => [`${list}[${at}]`, entry]);
  });
  const byPath = new Map(written);
  return new Map(
    database.sources.flatMap(({ path, source }): [string, string][] => {
      const entry = byPath.get(path);
      return typeof entry === 'string' ? [[describeDataSource(source), entry]] : [];
    }),
  );
};

const unmaskEntries = (entries: readonly string[], running: ParsedConfig): readonly string[] | typeof HIDDEN => {
  const known = entriesShown(running);
  const restored = entries.map((entry) => known.get(entry.trim()) ?? entry);
  return restored.some((entry) => entry.includes(MASK) || entry.includes(':***@')) ? HIDDEN : restored;
};

const unmaskLag = (value: readonly unknown[], running: ParsedConfig): unknown => {
  const kept = running.config.SqlSettings.ReplicaLagSettings;
  const restored = value.map((entry, at) => {
    const shown = memberOf(entry, 'DataSource');
    if (!isObject(entry) || typeof shown !== 'string' || !isMask(shown)) return entry;
    // As Mattermost does it: a place tells which one it is only as long as there are as many.
    return { ...entry, DataSource: kept.length === value.length ? kept[at]?.DataSource : HIDDEN };
  });
  return restored.some((entry) => memberOf(entry, 'DataSource') === HIDDEN) ? HIDDEN : restored;
};

/**
 * What somebody meant who was shown masks and sends a secret setting back: the secrets that were behind them, also where the
 * entries of a list have moved.
 *
 * @returns undefined when the setting stays as it is, `HIDDEN` when a mask stands for nothing that is known.
 */
export const unmask = (
  setting: { readonly key: string; readonly value: unknown; readonly shown: unknown },
  running: ParsedConfig,
): unknown => {
  const { key, value, shown } = setting;
  if (sameValue(value, shown) || (typeof value === 'string' && isMask(value))) return undefined;
  if (key === 'ReplicaLagSettings') return Array.isArray(value) ? unmaskLag(value, running) : value;
  if (!(lists as readonly string[]).includes(key)) return value;
  if (typeof value === 'string') {
    const entries = unmaskEntries(splitDataSources(value), running);
    return entries === HIDDEN ? HIDDEN : entries.join(',');
  }
  const texts = Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
  return Array.isArray(value) && texts.length === value.length ? unmaskEntries(texts, running) : value;
};
