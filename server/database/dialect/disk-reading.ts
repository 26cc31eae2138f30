/** Room on one file system, in bytes. */
export interface DiskSpace {
  readonly usedBytes: number;
  /** What the database's user may still fill: the reserve of root is not in it. */
  readonly freeBytes: number;
  /** Where the figures come from, in words. */
  readonly source: string;
}

/** The room is not known. Never a guess instead. */
export interface UnknownSpace {
  /** One sentence with what to run, or to write where, so that it becomes known. */
  readonly unknown: string;
}

/** A replication slot: log that the server keeps because somebody may still come for it. */
export interface SlotReading {
  readonly name: string;
  /** Somebody receives from it right now. */
  readonly active: boolean;
  /** `kept` as planned; `extended`: more than planned; `endangered`: goes with the next checkpoint; `lost`: gone. */
  readonly state: 'kept' | 'extended' | 'endangered' | 'lost';
  /** Bytes of log that it holds back; null for a slot that holds nothing. */
  readonly heldBytes: number | null;
}

/** What a database tells of the space that it uses and has. Bytes; null where the engine or the privileges hide it. */
export interface DiskReading {
  /** Tables and indexes of our database. */
  readonly databaseBytes: number | null;
  /** The write-ahead log, or the binary logs, of the whole server. */
  readonly logBytes: number | null;
  /** Where that log lies, seen from the data folder. */
  readonly logFolder: string;
  /** The disk of the data. */
  readonly space: DiskSpace | UnknownSpace;
  /** The disk of the log, when it has one of its own. */
  readonly logSpace: DiskSpace | null;
  readonly slots: readonly SlotReading[];
}

/** A number that a driver may hand over as a text; null stays null. */
export function bytesOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
