import type { ConfigChange } from '../../contract/index.ts';
import { type DataSource, formatHost, type LocatedSource, MASK } from '../database/index.ts';

const SECTION = 'SqlSettings';
const ROLE = { master: 'the master', replica: 'a replica', 'search-replica': 'a search replica' } as const;

type Row = Omit<ConfigChange, 'takes_effect'>;
interface Pair {
  readonly before: LocatedSource;
  readonly after: LocatedSource;
}

const showTls = ({ tls }: DataSource): string =>
  [tls.mode, tls.rootCertificate, tls.certificate, tls.key].filter((part) => part !== undefined).join(' ');

const showOptions = ({ options }: DataSource): string =>
  Object.entries(options)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** The parts of a data source that an admin compares; of the first host, host and port apart. */
const partsOf = (source: DataSource): Readonly<Record<string, string>> => ({
  host: source.hosts[0].host,
  port: String(source.hosts[0].port),
  'more hosts': source.hosts.slice(1).map(formatHost).join(','),
  database: source.database,
  user: source.user,
  tls: showTls(source),
  options: showOptions(source),
});

/** One row for each part that differs, so that a host name that differs in one letter is seen. */
const diffParts = ({ before, after }: Pair): readonly Row[] => {
  const old = partsOf(before.source);
  const path = `${SECTION}.${after.path}`;
  const rows = Object.entries(partsOf(after.source))
    .filter(([part, value]) => old[part] !== value)
    .map(([part, value]) => ({
      path: `${path}.${part}`,
      running: old[part] ?? '',
      on_disk: value,
      text: `${after.source.name}: ${part} ${old[part] || 'none'} -> ${value || 'none'}.`,
    }));
  if (before.source.password.reveal() === after.source.password.reveal()) return rows;
  const text = `${after.source.name}: the password changed.`;
  return [...rows, { path: `${path}.password`, running: MASK, on_disk: MASK, text }];
};

/** A source that keeps its name, or an entry that was edited where it stands. */
const pairUp = (running: readonly LocatedSource[], disk: readonly LocatedSource[]): readonly Pair[] => {
  const byName = new Map(running.map((each) => [each.source.name, each]));
  const kept = new Set(disk.map(({ source }) => source.name));
  const gone = new Map(running.filter(({ source }) => !kept.has(source.name)).map((each) => [each.path, each]));
  return disk.flatMap((after) => {
    const before = byName.get(after.source.name) ?? gone.get(after.path);
    return before === undefined ? [] : [{ before, after }];
  });
};

const masterRow = (before: LocatedSource, after: LocatedSource): readonly Row[] => {
  if (before.source.name === after.source.name) return [];
  const text = `Master: ${before.source.name} -> ${after.source.name}.`;
  return [{ path: `${SECTION}.${after.path}`, running: before.source.name, on_disk: after.source.name, text }];
};

/** Role changes of sources that stay; the new master's is told by the master's own row. */
const roleRows = (pairs: readonly Pair[]): readonly Row[] =>
  pairs
    .filter(({ before, after }) => before.source.name === after.source.name)
    .filter(({ before, after }) => before.role !== after.role && after.role !== 'master')
    .map(({ before, after }) => ({
      path: `${SECTION}.${after.path}`,
      running: `${before.source.name} is ${ROLE[before.role]}`,
      on_disk: `${after.source.name} is ${ROLE[after.role]}`,
      text: `${after.source.name} becomes ${ROLE[after.role]}.`,
    }));

const row = (path: string, running: string, on_disk: string, text: string): Row => ({
  path: `${SECTION}.${path}`,
  ...{ running, on_disk, text },
});

/**
 * What differs between two lists of data sources, in words: the move of the master, changed roles, the parts that were
 * edited, sources that are new and sources that leave. The order of replicas means nothing and is no difference.
 */
export const diffSources = (
  running: readonly [LocatedSource, ...LocatedSource[]],
  disk: readonly [LocatedSource, ...LocatedSource[]],
): readonly Row[] => {
  const pairs = pairUp(running, disk);
  const paired = new Set(pairs.flatMap(({ before, after }) => [before, after]));
  const added = disk.filter((each) => !paired.has(each));
  const removed = running.filter((each) => !paired.has(each));
  return [
    ...masterRow(running[0], disk[0]),
    ...roleRows(pairs),
    ...pairs.flatMap(diffParts),
    ...added
      .filter(({ role }) => role !== 'master')
      .map(({ path, source, role }) => row(path, '', source.name, `${source.name} is new, as ${ROLE[role]}.`)),
    ...removed.map(({ path, source }) => row(path, source.name, '', `${source.name} is removed.`)),
  ];
};
