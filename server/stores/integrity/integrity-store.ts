import { type Database, statement, type Statement } from '../../database/index.ts';

/** A column whose values should be ids of another table; an empty one names nobody. */
export interface Relation {
  readonly parent: string;
  readonly child: string;
  /** The child's column that names the parent. */
  readonly parentColumn: string;
  /** What tells one row of the child from another. */
  readonly childColumn: string;
}

/** There are no foreign keys: what belongs together is kept together by the writing statements, and looked after here. */
export const relations: readonly Relation[] = [
  { parent: 'channels', child: 'posts', parentColumn: 'channelid', childColumn: 'id' },
  { parent: 'users', child: 'posts', parentColumn: 'userid', childColumn: 'id' },
  { parent: 'posts', child: 'posts', parentColumn: 'rootid', childColumn: 'id' },
  { parent: 'posts', child: 'threads', parentColumn: 'postid', childColumn: 'postid' },
  { parent: 'posts', child: 'reactions', parentColumn: 'postid', childColumn: 'userid' },
  { parent: 'teams', child: 'channels', parentColumn: 'teamid', childColumn: 'id' },
  { parent: 'channels', child: 'channelmembers', parentColumn: 'channelid', childColumn: 'userid' },
  { parent: 'users', child: 'channelmembers', parentColumn: 'userid', childColumn: 'channelid' },
  { parent: 'teams', child: 'teammembers', parentColumn: 'teamid', childColumn: 'userid' },
  { parent: 'users', child: 'teammembers', parentColumn: 'userid', childColumn: 'teamid' },
  { parent: 'users', child: 'sessions', parentColumn: 'userid', childColumn: 'id' },
  { parent: 'users', child: 'preferences', parentColumn: 'userid', childColumn: 'name' },
  { parent: 'users', child: 'status', parentColumn: 'userid', childColumn: 'userid' },
];

/** A row of the child, and the id that it names and that is not there. */
export interface Orphan {
  readonly parent_id: string;
  readonly child_id: string;
}

/** A thread whose number of replies is another one than there are. */
export interface MiscountedThread {
  readonly id: string;
  readonly counted: number;
  readonly found: number;
}

/** Looks for rows that contradict each other. Reads what may be old, so that no master is held up by it. */
export interface IntegrityStore {
  /** At most 100. */
  orphans(relation: Relation): Promise<Orphan[]>;
  /** At most 100. */
  miscountedThreads(): Promise<MiscountedThread[]>;
}

const ORPHANS: ReadonlyMap<Relation, Statement> = new Map(
  relations.map((relation) => {
    const { parent, child, parentColumn, childColumn } = relation;
    const text = `SELECT c.${parentColumn} AS parent_id, c.${childColumn} AS child_id FROM ${child} c
      WHERE c.${parentColumn} <> '' AND NOT EXISTS (SELECT 1 FROM ${parent} p WHERE p.id = c.${parentColumn}) LIMIT 100`;
    return [relation, statement(`integrity.${child}.${parentColumn}`, text)];
  }),
);
// A deleted thread counts no more, and neither do the earlier texts of a reply.
const MISCOUNTED = statement(
  'integrity.threads',
  `SELECT t.postid AS id, t.replycount AS counted, COUNT(r.id) AS found FROM threads t
     JOIN posts p ON p.id = t.postid AND p.deleteat = 0
     LEFT JOIN posts r ON r.rootid = t.postid AND r.rootid <> '' AND r.deleteat = 0
   GROUP BY t.postid, t.replycount HAVING COUNT(r.id) <> t.replycount LIMIT 100`,
);

export function createIntegrityStore(database: Database): IntegrityStore {
  return {
    async orphans(relation) {
      const query = ORPHANS.get(relation);
      if (query === undefined) throw new Error(`No such relation: ${relation.child}.${relation.parentColumn}`);
      return database.readStale<{ parent_id: string; child_id: string }>(query);
    },
    async miscountedThreads() {
      const rows = await database.readStale<{ id: string; counted: number; found: number }>(MISCOUNTED);
      return rows.map(({ id, counted, found }) => ({ id, counted: Number(counted), found: Number(found) }));
    },
  };
}
