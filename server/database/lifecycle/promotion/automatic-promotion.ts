import type { HealthMonitor } from '../../health/index.ts';
import { masterServes, type Topology } from '../../topology/index.ts';
import type { AdoptDeps } from '../failover/adopt.ts';
import { poolOf } from '../live.ts';
import { Refused } from '../refused.ts';
import type { SwitchoverNotes } from '../switchover/note.ts';
import { promote } from '../switchover/promotion.ts';
import { repointReplicas } from '../switchover/replicas.ts';
import { BeyondReturn } from '../switchover/result.ts';
import type { Turns } from '../turns.ts';
import { Followers } from './followers.ts';
import { closeInquiry, inquire, type Inquiry } from './inquiry.ts';
import { type AutomaticPromotionStatus, notKnownYet, statusOf, whyIneffective } from './readiness.ts';

export interface AutomaticPromotionDeps extends AdoptDeps {
  readonly turns: Turns;
  readonly monitor: HealthMonitor;
  readonly notes: SwitchoverNotes;
  /** Called with what the cleaning up threw. */
  readonly onError: (error: unknown) => void;
}

const remarkKey = 'promotion';
/** While the master serves, it is found out this often whether somebody could be promoted. */
const rehearseMs = 30_000;
/** The same, after nobody could be. */
const rehearseAgainMs = 5_000;
const quiesceMs = 1_000;
const promoteMs = 10_000;
const lockMs = 3_000;

/**
 * Promotes a replica when the master is lost, where nothing acknowledged can be lost by it: setting `AutomaticPromotion`
 * (docs/adr/0020-promotion-by-ourselves.md). It only tells the replica; that this one accepts writes then is followed by
 * `Failover`, as any other promotion is.
 */
export class AutomaticPromotion {
  readonly #deps: AutomaticPromotionDeps;
  readonly #followers: Followers;
  /** Why nobody could be promoted when that was last found out; empty when somebody could. */
  #rehearsed = notKnownYet;
  #rehearsedFor = '';
  #rehearseAt = 0;
  #isBusy = false;
  /** When the layer opens nobody listens yet. */
  #isHeard = false;
  /** The status and the refusal that were reported last. */
  #toldStatus = '';
  #refused = '';

  constructor(deps: AutomaticPromotionDeps) {
    this.#deps = deps;
    this.#followers = new Followers(deps.live);
  }

  status(): AutomaticPromotionStatus {
    const { settings } = this.#deps.live.current;
    return statusOf(settings, this.#whyIneffective());
  }

  /** Looks whether there is something to do; called about once a second. */
  tick(): void {
    const { live, isStopping } = this.#deps;
    const { settings, topology } = live.current;
    if (this.#isHeard) this.#tell();
    this.#isHeard = true;
    if (!settings.automaticPromotion || isStopping() || this.#isBusy) return;
    if (masterServes(topology)) this.#rehearse();
    else this.#answerLoss();
  }

  /** What keeps it from working; of the settings and the master first, then of the replicas. */
  #whyIneffective(): string {
    const { live, dialect } = this.#deps;
    const { settings, topology } = live.current;
    if (topology.master.durability === 'unknown') return notKnownYet;
    const reason = whyIneffective(settings, topology, dialect);
    if (reason !== '') return reason;
    return this.#rehearsedFor === subjectOf(topology) ? this.#rehearsed : notKnownYet;
  }

  /** Reports each change of whether it works: a setting that does nothing must not be found out by the loss of a master. */
  #tell(): void {
    const { state, text } = this.status();
    const { master } = this.#deps.live.current.topology;
    if (text.endsWith(notKnownYet) || text === this.#toldStatus || !masterServes(this.#deps.live.current.topology))
      return;
    const before = this.#toldStatus;
    this.#toldStatus = text;
    if (state === 'off' || (state === 'ready' && before === '')) return;
    const kind = state === 'ready' ? 'automatic_promotion_ready' : 'automatic_promotion_ineffective';
    const severity = state === 'ready' ? 'info' : 'warning';
    const full = state === 'ready' ? text : `AutomaticPromotion: ${text}`;
    this.#deps.live.report({ kind, severity, source: master.name, text: full, detail: { mode: master.durability } });
  }

  #rehearse(): void {
    const { live, clock, dialect, onError } = this.#deps;
    const { settings, topology } = live.current;
    this.#refused = '';
    const subject = subjectOf(topology);
    if (subject !== this.#rehearsedFor) this.#rehearseAt = 0;
    if (clock.now() < this.#rehearseAt || whyIneffective(settings, topology, dialect) !== '') return;
    void this.#alone(async () => {
      const inquiry = await inquire({ ...this.#deps, followers: this.#followers.all }, { isRehearsal: true });
      this.#rehearsed = 'refusal' in inquiry.choice ? inquiry.choice.refusal : '';
      this.#rehearsedFor = subject;
      this.#rehearseAt = clock.now() + (this.#rehearsed === '' ? rehearseMs : rehearseAgainMs);
      await closeInquiry(inquiry);
      this.#tell();
    }).catch(onError);
  }

  #answerLoss(): void {
    const { live, mode, turns, onError } = this.#deps;
    const reason = this.#whyNotNow();
    if (reason === 'early') return;
    if (reason !== '') return mode.remark(remarkKey, `AutomaticPromotion: ${reason}`);
    const endTurn = turns.tryTake();
    if (endTurn === undefined) return;
    const { generation } = live.current.topology;
    void this.#alone(() => this.#attempt(generation, endTurn))
      .catch(onError)
      .finally(endTurn);
  }

  /** `early`: nothing is to be done yet, and nothing to be said. */
  #whyNotNow(): string {
    const { live, clock, dialect, mode } = this.#deps;
    const { settings, topology } = live.current;
    const { master } = topology;
    if (master.durability === 'unknown') return 'it was never seen how the master commits.';
    const ineffective = whyIneffective(settings, topology, dialect);
    if (ineffective !== '') return `it does nothing: ${ineffective}`;
    const isLost = master.health === 'offline' && mode.verdict.kind === 'none';
    return isLost && clock.now() - master.healthSince >= settings.automaticPromotionAfterMs ? '' : 'early';
  }

  async #attempt(generation: number, endTurn: () => void): Promise<void> {
    const { live, gate, monitor, mode } = this.#deps;
    const { master } = live.current.topology;
    // It may come back at any moment and acknowledge what was sent to it before: that would be missing on the new one.
    const pool = poolOf(live.current, master);
    pool.cut();
    pool.refuseWaiting();
    if (!(await gate.quiesce(quiesceMs))) return this.#refuse(`Writes in flight on ${master.name} did not end.`);
    const inquiry = await inquire({ ...this.#deps, followers: this.#followers.all }, { isRehearsal: false });
    try {
      const { choice } = inquiry;
      if ('refusal' in choice) return this.#refuse(choice.refusal);
      if (mode.expected !== undefined && mode.expected !== choice.name) {
        return this.#refuse(`${mode.expected} was told to become the master before, and may do so yet.`);
      }
      this.#assertStillLost(generation);
      const following = await this.#promote(inquiry, choice);
      monitor.checkNow(choice.name);
      endTurn();
      await following();
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof BeyondReturn)) throw error;
      this.#refuse(error.message);
    } finally {
      await closeInquiry(inquiry);
    }
  }

  #assertStillLost(generation: number): void {
    const { live, isStopping } = this.#deps;
    if (isStopping()) throw new Refused('The server is stopping.');
    const { topology } = live.current;
    if (topology.generation !== generation || topology.master.health !== 'offline') {
      throw new Refused('The databases have changed meanwhile.');
    }
  }

  /** @returns what is left to do while others follow it. */
  async #promote(inquiry: Inquiry, choice: { name: string; text: string }): Promise<() => Promise<void>> {
    const { live, dialect, clock, mode, notes } = this.#deps;
    const candidate = inquiry.reached(choice.name);
    if (!(await dialect.switching.lock(candidate.connection, lockMs))) {
      throw new Refused('Another server is moving the master.');
    }
    const { master } = live.current.topology;
    const startedAt = Math.round(clock.now());
    await notes.write({ phase: 'promoting', from: master.name, to: choice.name, emergency: true, startedAt });
    const promoted = await this.#tellIt(
      () => promote({ dialect, clock, candidate, assertGoing: () => undefined }, promoteMs),
      choice.name,
    );
    mode.remark(remarkKey, '');
    const lostMs = Math.round(clock.now() - (mode.lostSince ?? clock.now()));
    live.report({
      kind: 'promoted',
      severity: 'warning',
      source: choice.name,
      text: `${master.name} is lost since ${(lostMs / 1_000).toFixed(1)} s. ${choice.text} It was promoted by this server.`,
      detail: { from: master.name, to: choice.name, lost_ms: lostMs },
    });
    const others = inquiry.others(choice.name);
    // At once, and awaited later: until they follow the new one, the old one could find them again and acknowledge by them.
    const repointing = repointReplicas({ dialect, clock, master: promoted }, others.contacts, others.answers);
    return async () => {
      const left = await repointing;
      for (const { name } of others.contacts) this.#deps.monitor.checkNow(name);
      for (const { source, text, commands } of left) {
        const told = `${text} ${commands.join(' ')}`;
        live.report({ kind: 'replica_astray', severity: 'warning', source, text: told, detail: {} });
      }
      if (promoted.connection !== candidate.connection) await promoted.connection.close();
      await notes.clear();
    };
  }

  /** From the moment in which it may have heard it, the old master is not written to again, whatever it says. */
  async #tellIt<T>(tell: () => Promise<T>, name: string): Promise<T> {
    const { mode, notes } = this.#deps;
    mode.expect(name);
    try {
      return await tell();
    } catch (error) {
      if (error instanceof Refused) {
        mode.expect(undefined);
        await notes.clear();
      }
      throw error;
    }
  }

  #refuse(reason: string): void {
    const { live, mode } = this.#deps;
    mode.remark(remarkKey, `Nobody was promoted: ${reason}`);
    if (reason === this.#refused) return;
    this.#refused = reason;
    live.report({
      kind: 'promotion_refused',
      severity: 'error',
      source: live.current.topology.master.name,
      text: `Nobody was promoted in place of ${live.current.topology.master.name}: ${reason}`,
      detail: {},
    });
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    try {
      await work();
    } finally {
      this.#isBusy = false;
    }
  }
}

/** What a rehearsal is about: another list of replicas, or another master, and it says nothing any more. */
function subjectOf({ generation, history, master }: Topology): string {
  return `${generation} ${history} ${master.name} ${JSON.stringify(master.synchronous?.confirmers)}`;
}
