import type { Clock } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import type { ConnectionPool } from '../../pool/index.ts';
import { masterServes } from '../../topology/index.ts';
import { type Live, poolOf } from '../live.ts';
import { addMark, isSameMaster, markOf, type MarkStore, type MasterMark, readMark } from './epoch.ts';

const statementMs = 5_000;

/**
 * Writes down every change of the master, whoever made it: a row on the new master, and the server's own mark. A server
 * that starts later tells a former master by them. Fails in silence and tries again: the table comes with the migrations,
 * and a database that refuses the row is somebody else's to report.
 */
export class EpochKeeper {
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #marks: MarkStore;
  /** What was written down last. */
  #mark: MasterMark | undefined;
  #isBusy = false;

  constructor(deps: { live: Live; dialect: Dialect; clock: Clock; marks: MarkStore }) {
    this.#live = deps.live;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    this.#marks = deps.marks;
    deps.live.changes.subscribe(({ previous, current }) => {
      if (previous?.topology.history !== current.topology.history) this.keep();
      else if (previous?.topology.master.name !== current.topology.master.name) this.keep();
    });
  }

  /** Writes down the present master unless that was done; called about once a second. */
  keep(): void {
    const { topology } = this.#live.current;
    const present = markOf(topology, 0);
    if (this.#isBusy || present === undefined || !masterServes(topology)) return;
    if (this.#mark !== undefined && isSameMaster(this.#mark, present)) return;
    this.#isBusy = true;
    void this.#record(poolOf(this.#live.current, topology.master), present)
      .catch(() => undefined)
      .finally(() => {
        this.#isBusy = false;
      });
  }

  async #record(pool: ConnectionPool, present: MasterMark): Promise<void> {
    const own = this.#mark ?? (await this.#marks.read());
    const lease = await pool.acquire();
    let reusable = false;
    try {
      const stored = await readMark(lease.connection, statementMs);
      let mark = stored;
      if (stored === undefined || !isSameMaster(stored, present)) {
        const known = own?.clusterId === present.clusterId ? own.epoch : 0;
        mark = { ...present, epoch: Math.max(stored?.epoch ?? 0, known) + 1 };
        await addMark(lease.connection, { ...mark, at: this.#clock.now() }, statementMs);
      }
      reusable = true;
      await this.#marks.write(mark as MasterMark);
      this.#mark = mark;
    } catch (error) {
      reusable = !this.#dialect.classify(error, true).connectionLost;
      throw error;
    } finally {
      lease.release(reusable);
    }
  }
}
