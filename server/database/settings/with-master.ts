import type { ConfiguredSource, DatabaseSettings } from './settings.ts';

/**
 * The settings with another of their data sources as the master. The former master becomes the first replica; the
 * order of the others stays, so that an operator finds them where they wrote them.
 *
 * @throws Error when no data source has that name.
 */
export function withMaster<S extends DatabaseSettings>(settings: S, name: string): S {
  const chosen = settings.sources.find(({ source }) => source.name === name);
  if (chosen === undefined) throw new Error(`There is no data source ${name}.`);
  const [former] = settings.sources;
  if (chosen === former) return settings;
  const others = settings.sources.filter((one) => one !== chosen && one !== former);
  const ordered = [chosen, former, ...others.filter(isReplica), ...others.filter((one) => !isReplica(one))];
  const sources = ordered.map((one, index) => ({ ...one, role: roleAt(one, index), index }));
  return Object.freeze({ ...settings, sources });
}

const isReplica = ({ role }: ConfiguredSource): boolean => role !== 'search-replica';

function roleAt({ role }: ConfiguredSource, index: number): ConfiguredSource['role'] {
  if (index === 0) return 'master';
  return role === 'search-replica' && index > 1 ? 'search-replica' : 'replica';
}
