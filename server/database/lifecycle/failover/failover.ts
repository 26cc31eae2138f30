import { masterServes } from '../../topology/index.ts';
import { LossRefused, Refused } from '../refused.ts';
import type { Turns } from '../turns.ts';
import { adopt, type AdoptDeps } from './adopt.ts';

export interface FailoverDeps extends AdoptDeps {
  readonly turns: Turns;
}

/** After a refused adoption, the next attempt waits this long. */
const retryMs = 1_000;

/** Only a person can accept a loss. */
const lossWay = (name: string): string =>
  `Bring the lost master back, or accept the loss: put ${name} first in DataSource, reload, and recycle with an override.`;

/**
 * Follows a promotion that was made elsewhere. Looks at every news of the topology while the master is in doubt; what to
 * do is decided by `decide`, and only one change of the master happens at a time. Never promotes anything itself.
 */
export class Failover {
  readonly #deps: FailoverDeps;
  #notBefore = 0;
  #alarmed = '';

  constructor(deps: FailoverDeps) {
    this.#deps = deps;
    deps.live.changes.subscribe(() => this.#look());
  }

  #look(): void {
    const { live, clock, mode, turns } = this.#deps;
    const { verdict } = mode;
    this.#alarm(verdict.kind === 'two-writable' ? verdict.reason : '');
    if (verdict.kind !== 'adopt' || clock.now() < this.#notBefore || this.#deps.isStopping()) return;
    if (!live.current.settings.followPromotion) {
      mode.explain(
        `${verdict.name} accepts writes now. FollowPromotion is off: put it first in DataSource, reload and recycle.`,
      );
      return;
    }
    const endTurn = turns.tryTake();
    if (endTurn !== undefined) void this.#adopt(verdict.name).finally(endTurn);
  }

  async #adopt(name: string): Promise<void> {
    const { live, clock, mode, gate, dialect } = this.#deps;
    const lostSince = mode.lostSince ?? clock.now();
    try {
      const { from, carriedOver } = await adopt(this.#deps, name);
      const tookMs = Math.round(clock.now() - lostSince);
      live.report({
        kind: 'failed_over',
        severity: 'warning',
        source: name,
        text:
          `${name} was promoted and is the master now; ${from} is lost. Writes waited ${tookMs} ms. ` +
          `Put ${name} first in DataSource, so that the file says what is so.`,
        detail: { from, to: name, lasted_ms: tookMs, carried_over: carriedOver, waiting: gate.counts().waiting },
      });
    } catch (error) {
      this.#notBefore = clock.now() + retryMs;
      // It came back, or a recycle was quicker: nothing is in the way of anything.
      if (masterServes(live.current.topology)) return;
      const reason = error instanceof Refused ? error.message : dialect.classify(error, true).text;
      const way = error instanceof LossRefused ? ` ${lossWay(name)}` : '';
      mode.explain(`${name} accepts writes but cannot be followed: ${reason}${way}`);
    }
  }

  /** Told once for each set of databases that cannot be chosen from. */
  #alarm(reason: string): void {
    if (reason === this.#alarmed) return;
    this.#alarmed = reason;
    if (reason === '') return;
    const text = `No master can be told: ${reason}`;
    this.#deps.live.report({ kind: 'two_masters', severity: 'error', source: null, text, detail: {} });
  }
}
