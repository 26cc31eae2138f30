import type { AssignedRole, ConfiguredSource } from '../settings/settings.ts';
import { describeDataSource } from './build.ts';
import type { DriverName } from './data-source.ts';
import { type DataSourceFault, fault, type Finding } from './finding.ts';
import { driverOfEntry, parseDataSource } from './parse.ts';
import { MASK } from './secret.ts';
import { splitDataSources } from './split.ts';

/** At most so many replicas and search replicas together. */
const MAX_REPLICAS = 8;

/** The settings that list data sources, as written. */
export interface DataSourceLists {
  readonly driver: DriverName;
  /** Comma-separated; the first is the master, the others are replicas. */
  readonly dataSource: string;
  /** More replicas; they count together with those of `dataSource`. */
  readonly replicas: readonly string[];
  readonly searchReplicas: readonly string[];
}

/** A data source that knows where it is written: `DataSource[1]`, `DataSourceReplicas[0]`. */
export interface LocatedSource extends ConfiguredSource {
  readonly path: string;
}

/** What is wrong with one entry. `value` is masked, `message` quotes nothing of the entry. */
export interface DataSourceProblem {
  readonly path: string;
  /** Position within its list; 0 is the first. */
  readonly index: number;
  readonly code: DataSourceFault;
  readonly value: string;
  readonly message: string;
}

export type ParsedDataSources =
  | { readonly sources: readonly [LocatedSource, ...LocatedSource[]] }
  | { readonly problems: readonly [DataSourceProblem, ...DataSourceProblem[]] };

interface Place {
  readonly path: string;
  readonly index: number;
  readonly role: AssignedRole;
  readonly entry: string;
}

const MISSING: Finding = fault('empty', 'No data source is given. Name the master database here.').finding;

const placesOf = ({ dataSource, replicas, searchReplicas }: DataSourceLists): readonly Place[] => {
  const place = (list: string, role: AssignedRole) => (entry: string, index: number) => ({
    path: `${list}[${index}]`,
    ...{ index, entry, role },
  });
  return [
    ...splitDataSources(dataSource)
      .map(place('DataSource', 'replica'))
      .map((each) => (each.index === 0 ? { ...each, role: 'master' as const } : each)),
    ...replicas.map(place('DataSourceReplicas', 'replica')),
    ...searchReplicas.map(place('DataSourceSearchReplicas', 'search-replica')),
  ];
};

const problemAt = ({ path, index, entry }: Place, { code, message }: Finding, value?: string): DataSourceProblem => ({
  ...{ path, index, code, message },
  value: value ?? (entry.trim() === '' ? '' : MASK),
});

/** Entries of two engines in one configuration: each entry that is not of `DriverName` says so. */
const sharpen = (finding: Finding, places: readonly Place[], driver: DriverName): Finding => {
  if (finding.code !== 'wrong-driver' || !places.some(({ entry }) => driverOfEntry(entry) === driver)) return finding;
  const message = `PostgreSQL and MySQL are mixed. All data sources must be of DriverName "${driver}"; this one is not.`;
  return { code: 'mixed-drivers', message };
};

const countProblem = (places: readonly Place[]): readonly DataSourceProblem[] => {
  const replicas = places.filter(({ role }) => role !== 'master');
  const ninth = replicas[MAX_REPLICAS];
  if (ninth === undefined) return [];
  const message =
    `There are ${replicas.length} replicas and search replicas together; at most ${MAX_REPLICAS} are possible. ` +
    `Remove ${replicas.length - MAX_REPLICAS}.`;
  return [problemAt(ninth, { code: 'too-many', message })];
};

const duplicateProblems = (sources: readonly LocatedSource[], places: readonly Place[]): DataSourceProblem[] => {
  const seen = new Map<string, string>();
  return sources.flatMap(({ source, path }) => {
    const first = seen.get(source.name);
    const place = places.find((each) => each.path === path);
    if (first === undefined) seen.set(source.name, path);
    if (first === undefined || place === undefined) return [];
    const message = `${source.name} stands in ${first} already. Name each database once.`;
    return [problemAt(place, { code: 'duplicate', message }, describeDataSource(source))];
  });
};

/**
 * Parses every data source of a configuration: the master first, then the replicas, then the search replicas, or all
 * problems at once in the order of the entries. Never throws.
 */
export const parseDataSources = (lists: DataSourceLists): ParsedDataSources => {
  const places = placesOf(lists);
  if (lists.dataSource.trim() === '' && places[0] !== undefined) return { problems: [problemAt(places[0], MISSING)] };
  const problems: DataSourceProblem[] = [];
  const sources: LocatedSource[] = [];
  for (const [index, place] of places.entries()) {
    const parsed = parseDataSource(place.entry, lists.driver);
    if ('source' in parsed) {
      sources.push(Object.freeze({ source: parsed.source, role: place.role, index, path: place.path }));
    } else {
      problems.push(...parsed.findings.map((each) => problemAt(place, sharpen(each, places, lists.driver))));
    }
  }
  const [first, ...more] = [...problems, ...countProblem(places), ...duplicateProblems(sources, places)];
  if (first !== undefined) return { problems: [first, ...more] };
  const [master, ...others] = sources;
  return master === undefined
    ? { problems: [problemAt({ path: 'DataSource[0]', index: 0, role: 'master', entry: '' }, MISSING)] }
    : { sources: Object.freeze([master, ...others] as const) };
};
