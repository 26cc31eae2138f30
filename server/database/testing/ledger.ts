import { bind, type DatabaseLayer, statement } from '../index.ts';

const insert = statement(
  'ledger.insert',
  (sql) => `INSERT INTO ledger (id, author, n) VALUES ($1, $2, $3) ${sql.orIgnore('ledger', ['id'])}`,
);
const select = statement('ledger.get', 'SELECT id FROM ledger WHERE id = $1');
const all = statement('ledger.all', 'SELECT id, author, n FROM ledger ORDER BY author, seq');

/** What a load has seen so far. */
export interface LedgerReport {
  /** Ids in the order of acknowledgement, per author. */
  readonly acknowledged: ReadonlyMap<number, readonly string[]>;
  readonly total: number;
  /** Reads right after an own write that did not see it. */
  readonly stale: number;
  readonly reads: number;
  readonly errors: readonly unknown[];
}

/** Creates the table that `startLoad` writes to. */
export function createLedger(layer: DatabaseLayer): Promise<unknown> {
  const columns = {
    postgres: 'id text PRIMARY KEY, author bigint, n bigint, seq bigserial',
    mysql: 'id VARCHAR(64) PRIMARY KEY, author BIGINT, n BIGINT, seq BIGINT NOT NULL AUTO_INCREMENT UNIQUE',
  };
  return layer.onMaster((session) => session.execute(`CREATE TABLE ledger (${columns[session.driver]})`));
}

/** Authors that write a row and read it back, one after the other, until they are told to stop. */
export class LedgerLoad {
  readonly #layer: DatabaseLayer;
  readonly #acknowledged = new Map<number, string[]>();
  readonly #errors: unknown[] = [];
  readonly #running: Promise<void>[] = [];
  #paused: Promise<void> | undefined;
  #waiting = 0;
  #stale = 0;
  #reads = 0;
  #going = true;

  constructor(layer: DatabaseLayer, authors: number) {
    this.#layer = layer;
    for (let author = 0; author < authors; author++) this.#running.push(this.#author(author));
  }

  get report(): LedgerReport {
    const total = [...this.#acknowledged.values()].reduce((sum, ids) => sum + ids.length, 0);
    return { acknowledged: this.#acknowledged, total, stale: this.#stale, reads: this.#reads, errors: this.#errors };
  }

  /** Resolves when `rows` more rows have been acknowledged. */
  async more(rows: number): Promise<void> {
    const until = this.report.total + rows;
    while (this.report.total < until && this.#going) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  /**
   * Lets every author end the row that they are at, and wait; the answer lets them go on. For a master that dies: between
   * its death and the carry-over no living database has what was acknowledged last, so a read back may miss it
   * (`Reads`, without a master).
   */
  async pause(): Promise<() => void> {
    let resume: () => void = () => undefined;
    this.#paused = new Promise((resolve) => {
      resume = () => {
        this.#paused = undefined;
        resolve();
      };
    });
    while (this.#waiting < this.#running.length) await new Promise((resolve) => setTimeout(resolve, 2));
    return resume;
  }

  async stop(): Promise<LedgerReport> {
    this.#going = false;
    await Promise.all(this.#running);
    return this.report;
  }

  async #author(author: number): Promise<void> {
    const causality = this.#layer.causalities.of(`author-${author}`);
    const ids: string[] = [];
    this.#acknowledged.set(author, ids);
    for (let n = 0; this.#going; n++) {
      if (this.#paused !== undefined) {
        this.#waiting += 1;
        await this.#paused;
        this.#waiting -= 1;
      }
      const id = `${author}-${n}`;
      try {
        await this.#layer.database.write(causality, bind(insert, id, author, n), { onUnknown: 'repeatable' });
        ids.push(id);
        const rows = await this.#layer.database.read(causality, select, id);
        this.#reads += 1;
        if (rows.length !== 1) this.#stale += 1;
      } catch (error) {
        this.#errors.push(error);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }
}

/** Compares what was acknowledged with what the master has: nothing lost, nothing doubled, the order kept per author. */
export async function compareLedger(
  layer: DatabaseLayer,
  report: LedgerReport,
): Promise<{ lost: string[]; disordered: number }> {
  const rows = await layer.database.readLatest<{ id: string; author: number; n: number }>(all);
  const stored = new Set(rows.map((row) => row.id));
  const lost = [...report.acknowledged.values()].flat().filter((id) => !stored.has(id));
  let disordered = 0;
  for (let i = 1; i < rows.length; i++) {
    const before = rows[i - 1];
    const row = rows[i];
    if (before !== undefined && row !== undefined && before.author === row.author && before.n > row.n) disordered += 1;
  }
  return { lost, disordered };
}
