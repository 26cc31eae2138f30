import type { Connection, DriverStatement } from '../../dialect/dialect.ts';
import type { Topology } from '../../topology/index.ts';

/** Which database was the master last, as far as somebody knows. */
export interface MasterMark {
  /** Counts the changes of the master, over all servers that use the databases. */
  readonly epoch: number;
  readonly master: string;
  readonly clusterId: string;
  /** Null where the engine has none. */
  readonly timeline: number | null;
}

/** Where a server keeps its own mark, out of reach of any database's fate. */
export interface MarkStore {
  /** Undefined when there is none yet, or none that can be read. */
  read(): Promise<MasterMark | undefined>;
  write(mark: MasterMark): Promise<void>;
}

const newest: DriverStatement = {
  name: 'holdfast.epoch.newest',
  text: 'SELECT epoch, master, clusterid, timeline FROM databaseepochs ORDER BY epoch DESC LIMIT 1',
};
const add: DriverStatement = {
  name: 'holdfast.epoch.add',
  text: 'INSERT INTO databaseepochs (epoch, master, clusterid, timeline, changedat) VALUES ($1, $2, $3, $4, $5)',
};

/** An engine without timelines has 0 in the table. */
const noTimeline = 0;

/** What the topology says of its master; undefined until it was read once. */
export function markOf({ master }: Topology, epoch: number): MasterMark | undefined {
  const { clusterId, name, timeline } = master;
  return clusterId === null ? undefined : { epoch, master: name, clusterId, timeline };
}

/** Whether both name the same database in the same history. */
export function isSameMaster(a: MasterMark, b: MasterMark): boolean {
  return a.master === b.master && a.clusterId === b.clusterId && a.timeline === b.timeline;
}

/**
 * The newest mark in a database; undefined when it has none.
 *
 * @throws the driver's error, also when the table is not there yet.
 */
export async function readMark(connection: Connection, timeoutMs: number): Promise<MasterMark | undefined> {
  const [row] = (await connection.execute(newest, [], timeoutMs)).rows;
  if (row === undefined) return undefined;
  const timeline = Number(row.timeline);
  return {
    epoch: Number(row.epoch),
    master: String(row.master),
    clusterId: String(row.clusterid),
    timeline: timeline === noTimeline ? null : timeline,
  };
}

/** Adds a mark to the master. @throws the driver's error; `unique` when another server was quicker. */
export async function addMark(
  connection: Connection,
  mark: MasterMark & { readonly at: number },
  timeoutMs: number,
): Promise<void> {
  const values = [mark.epoch, mark.master, mark.clusterId, mark.timeline ?? noTimeline, Math.round(mark.at)];
  await connection.execute(add, values, timeoutMs);
}
