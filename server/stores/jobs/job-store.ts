import { bind, type Causality, type Database, statement } from '../../database/index.ts';

/** States of a job that has not ended, and those in which it has. */
export type JobStatus = 'pending' | 'in_progress' | 'success' | 'error' | 'cancel_requested' | 'canceled';

/** Work of the server, under the names of the API. */
export interface StoredJob {
  readonly id: string;
  readonly type: string;
  readonly priority: number;
  readonly create_at: number;
  /** 0 = it has not begun. */
  readonly start_at: number;
  readonly last_activity_at: number;
  readonly status: JobStatus;
  /** Per cent. */
  readonly progress: number;
  readonly data: Readonly<Record<string, string>>;
}

/** What a worker or an admin makes of a job. */
export interface JobChange {
  readonly status: JobStatus;
  readonly at: number;
  readonly progress: number;
  readonly data: Readonly<Record<string, string>>;
}

export interface JobStore {
  /** Keeps a new job; keeping it again changes nothing. */
  insert(causality: Causality, job: StoredJob): Promise<void>;
  find(causality: Causality, id: string): Promise<StoredJob | undefined>;
  /** Newest first; with `type` only those. */
  list(causality: Causality, page: { limit: number; offset: number }, type?: string): Promise<StoredJob[]>;
  /** Changes the job if its state is still one of `from`, and says whether it was. */
  change(causality: Causality, id: string, from: readonly JobStatus[], change: JobChange): Promise<boolean>;
  /** Jobs that wait or that nobody has worked on since `before`, oldest first; from the master. */
  open(before: number): Promise<StoredJob[]>;
}

const columns = `id, type, priority, createat AS create_at, startat AS start_at, lastactivityat AS last_activity_at, status,
  progress, data`;
const INSERT = statement(
  'jobs.insert',
  (sql) => `INSERT INTO jobs (id, type, priority, createat, startat, lastactivityat, status, progress, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ${sql.orIgnore('jobs', ['id'])}`,
);
const FIND = statement('jobs.find', `SELECT ${columns} FROM jobs WHERE id = $1`);
const LIST = statement('jobs.list', `SELECT ${columns} FROM jobs ORDER BY createat DESC, id DESC LIMIT $1 OFFSET $2`);
const OF_TYPE = statement(
  'jobs.of_type',
  `SELECT ${columns} FROM jobs WHERE type = $3 ORDER BY createat DESC, id DESC LIMIT $1 OFFSET $2`,
);
// The state that it had is asked for under the row's lock: of two servers one begins the job.
const BEFORE = statement('jobs.before_change', 'SELECT status FROM jobs WHERE id = $1 FOR UPDATE');
const CHANGE = statement(
  'jobs.change',
  `UPDATE jobs SET status = $2, lastactivityat = $3, progress = $4, data = $5,
     startat = CASE WHEN startat = 0 THEN $6 ELSE startat END
   WHERE id = $1`,
);
const OPEN = statement(
  'jobs.open',
  `SELECT ${columns} FROM jobs WHERE status = 'pending' OR (status IN ('in_progress', 'cancel_requested') AND lastactivityat < $1)
   ORDER BY createat, id LIMIT 100`,
);

type Row = Omit<StoredJob, 'data'> & { data: string } & Record<string, string | number>;
const toJob = (row: Row): StoredJob => ({
  id: row.id,
  type: row.type,
  priority: Number(row.priority),
  create_at: Number(row.create_at),
  start_at: Number(row.start_at),
  last_activity_at: Number(row.last_activity_at),
  status: row.status,
  progress: Number(row.progress),
  data: JSON.parse(row.data) as Record<string, string>,
});

export function createJobStore(database: Database): JobStore {
  return {
    async insert(causality, job) {
      const { id, type, priority, create_at, start_at, last_activity_at, status, progress, data } = job;
      const values = [id, type, priority, create_at, start_at, last_activity_at, status, progress];
      await database.write(causality, bind(INSERT, ...values, JSON.stringify(data)), { onUnknown: 'repeatable' });
    },
    async find(causality, id) {
      const [row] = await database.read<Row>(causality, FIND, id);
      return row && toJob(row);
    },
    async list(causality, { limit, offset }, type) {
      const rows = await (type === undefined
        ? database.read<Row>(causality, LIST, limit, offset)
        : database.read<Row>(causality, OF_TYPE, limit, offset, type));
      return rows.map(toJob);
    },
    change: (causality, id, from, { status, at, progress, data }) =>
      database.transaction(causality, async (tx) => {
        const [before] = await tx.query<{ status: JobStatus }>(BEFORE, id);
        if (before === undefined || !from.includes(before.status)) return false;
        const begunAt = status === 'in_progress' ? at : 0;
        await tx.query(CHANGE, id, status, at, progress, JSON.stringify(data), begunAt);
        return true;
      }),
    async open(before) {
      return (await database.readLatest<Row>(OPEN, before)).map(toJob);
    },
  };
}
