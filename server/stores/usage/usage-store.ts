import { type Database, statement } from '../../database/index.ts';

/** How much there is on this server. */
export interface Usage {
  /** Messages that were ever written; those of members who come and go are not counted. */
  readonly posts: number;
  /** Teams that are not archived. */
  readonly teams: number;
  /** Bytes of all files that were uploaded and not deleted. */
  readonly fileBytes: number;
}

export interface UsageStore {
  /** May lag behind. */
  usage(): Promise<Usage>;
}

// No post is counted: each channel knows its own number. The sizes of files are read one by one, on a replica.
const USAGE = statement(
  'usage.all',
  `SELECT (SELECT COALESCE(SUM(totalmsgcount), 0) FROM channels) AS posts,
     (SELECT COUNT(*) FROM teams WHERE deleteat = 0) AS teams,
     (SELECT COALESCE(SUM(size), 0) FROM fileinfo WHERE deleteat = 0 AND size > 0) AS filebytes`,
);

export function createUsageStore(database: Database): UsageStore {
  return {
    async usage() {
      const [row] = await database.readStale<{ posts: string; teams: number; filebytes: string }>(USAGE);
      // Sums come as decimal texts.
      return { posts: Number(row?.posts ?? 0), teams: row?.teams ?? 0, fileBytes: Number(row?.filebytes ?? 0) };
    },
  };
}
