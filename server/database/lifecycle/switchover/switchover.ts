import type { Clock } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import type { HealthMonitor } from '../../health/index.ts';
import type { WriteJournal } from '../../query/journal.ts';
import type { WriteGate } from '../gate.ts';
import { type Live, poolOf, type Snapshot } from '../live.ts';
import type { ModeKeeper } from '../mode.ts';
import { Refused } from '../refused.ts';
import type { SchemaCheck } from '../verify.ts';
import { type Hold, noHold, WriteHold } from '../write-hold.ts';
import { catchUp } from './catch-up.ts';
import { type Contact, type Reached, reached } from './contact.ts';
import { closeContacts, inspect, type Inspection, manualPromotionMs } from './inspect.ts';
import { limitsFor, type SwitchoverLimits } from './limits.ts';
import type { SwitchoverNote, SwitchoverNotes } from './note.ts';
import { rejoinFollowUp } from './plan.ts';
import { awaitPromotion, promote } from './promotion.ts';
import { repointReplicas } from './replicas.ts';
import {
  BeyondReturn,
  Cancelled,
  type FollowUp,
  type SwitchoverRequest,
  type SwitchoverResult,
  type SwitchoverStep,
  type SwitchoverUpdate,
} from './result.ts';
import { type Estate, takeOver, verifyNewMaster } from './take-over.ts';
import { Undo } from './undo.ts';
import { undoFence, undoFenceLater } from './undo-fence.ts';

export interface SwitchoverDeps {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly journal: WriteJournal;
  readonly monitor: HealthMonitor;
  readonly schemaCheck: SchemaCheck | undefined;
  readonly notes: SwitchoverNotes;
  readonly isStopping: () => boolean;
  /** Called with what a listener or the cleaning up threw. */
  readonly onError: (error: unknown) => void;
}

/** Limit of each statement that is sent while writes are held. */
const heldStatementMs = 5_000;

/**
 * Moves the master role to a replica. Up to the promotion every step is undone when something fails; from then on the old
 * master is never opened again, whatever happens.
 */
export class Switchover {
  readonly #deps: SwitchoverDeps;
  readonly #request: SwitchoverRequest;
  readonly #progress: (update: SwitchoverUpdate) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #before: Snapshot;
  readonly #limits: SwitchoverLimits;
  readonly #undo = new Undo();
  readonly #writeHold: WriteHold;
  #step: SwitchoverStep = 'Check';
  #hold: Hold = noHold;
  #heldSince = 0;
  #askedForPromotion = false;
  #watchAgain: () => void = () => undefined;
  #published = false;

  constructor(
    deps: SwitchoverDeps,
    request: SwitchoverRequest,
    progress: (update: SwitchoverUpdate) => void,
    signal?: AbortSignal,
  ) {
    this.#deps = deps;
    this.#request = request;
    this.#signal = signal;
    this.#before = deps.live.current;
    this.#limits = limitsFor(this.#before.settings.writeHoldLimitMs);
    this.#writeHold = new WriteHold(deps, 'switchover');
    // What a listener does must not keep the gate closed or leave a switch half done.
    this.#progress = (update) => {
      try {
        progress(update);
      } catch (error) {
        deps.onError(error);
      }
    };
  }

  /** Never throws for a database's sake: the result says what happened. */
  async run(): Promise<SwitchoverResult> {
    let inspection: Inspection | undefined;
    try {
      this.#begin('Check');
      inspection = await inspect(this.#deps, this.#before, this.#request);
      this.#check(inspection);
      return await this.#switch(inspection);
    } catch (error) {
      return await this.#failed(error, inspection);
    } finally {
      this.#watchAgain();
      if (inspection !== undefined) await closeContacts(inspection.contacts).catch(this.#deps.onError);
    }
  }

  #begin(name: SwitchoverStep, detail = ''): void {
    this.#step = name;
    this.#progress({ name, state: 'running', detail });
  }

  #end(detail: string, state: 'done' | 'skipped' = 'done'): void {
    this.#progress({ name: this.#step, state, detail });
  }

  #skip(name: SwitchoverStep, detail: string): void {
    this.#begin(name);
    this.#end(detail, 'skipped');
  }

  #assertGoing(): void {
    if (this.#signal?.aborted === true) throw new Cancelled('Somebody cancelled it.');
    if (this.#deps.isStopping()) throw new Cancelled('The server is stopping.');
  }

  #check({ plan }: Inspection): void {
    if (!plan.possible) throw new Refused(plan.reason);
    if (this.#request.emergency === true && this.#request.confirmation !== this.#request.name) {
      throw new Refused(`The emergency path needs the name of the new master, ${plan.to}, as its confirmation.`);
    }
    const warnings = plan.checks.filter(({ outcome }) => outcome === 'warning').length;
    this.#end(`${plan.checks.length} checks, ${warnings} warnings`);
  }

  async #switch(inspection: Inspection): Promise<SwitchoverResult> {
    const candidate = reached(inspection.contacts.candidate);
    await this.#prepare(inspection, candidate);
    this.#holdWrites(inspection);
    if (this.#request.emergency === true) await this.#goWithoutMaster(inspection);
    else await this.#leaveMaster(inspection, candidate);
    const promoted = await this.#promote(inspection, candidate);
    // Started now and awaited later: a commit on a synchronous master waits for a replica.
    const { replicas } = inspection.contacts;
    const repointing = repointReplicas({ ...this.#deps, master: promoted }, replicas, inspection.facts.replicas);
    await this.#takeOver({ before: this.#before, inspection, candidate: promoted });
    if (promoted !== candidate) await promoted.connection.close();
    this.#release();
    await this.#deps.notes.write(this.#note('moved')).catch(this.#deps.onError);
    const followUps = await this.#followReplicas(inspection, repointing);
    return this.#succeeded(inspection, followUps);
  }

  /** Everything that takes its time and can be done while writes go on. */
  async #prepare({ contacts, facts }: Inspection, candidate: Reached): Promise<void> {
    this.#begin('Prepare');
    const { dialect, clock } = this.#deps;
    const locking = contacts.master.connection ?? candidate.connection;
    if (!(await dialect.switching.lock(locking, heldStatementMs))) {
      throw new Refused('Another server is moving the master. Wait until it has ended.');
    }
    if (facts.candidate.facts?.fenced === true) {
      await dialect.switching.unfence(candidate.connection, { clock, ms: heldStatementMs });
    }
    await this.#warm(candidate.name);
    this.#assertGoing();
    this.#end('the new connections are open');
  }

  /** As many connections as the master has now: nobody waits for one when writes go on. */
  async #warm(name: string): Promise<void> {
    const { pools, topology } = this.#before;
    const { inUse, idle } = poolOf(this.#before, topology.master).counts();
    const pool = pools.get(name);
    if (pool === undefined) return;
    const have = pool.counts();
    const wanted = Math.max(1, inUse + idle - have.inUse - have.idle);
    await Promise.all(Array.from({ length: wanted }, () => pool.warm()));
  }

  #holdWrites({ contacts: { master, candidate } }: Inspection): void {
    this.#begin('Hold writes');
    this.#heldSince = this.#deps.clock.now();
    this.#writeHold.begin(master.name, candidate.name);
    this.#undo.add(() => this.#release());
    // What they say from now on is our own doing, and no news.
    const resume = this.#deps.monitor.ignore([master.name, candidate.name]);
    this.#watchAgain = () => {
      this.#watchAgain = () => undefined;
      resume();
    };
    this.#undo.add(() => this.#watchAgain());
  }

  async #leaveMaster({ contacts }: Inspection, candidate: Reached): Promise<void> {
    const { gate, dialect, clock, notes } = this.#deps;
    const master = reached(contacts.master);
    if (!(await gate.quiesce(this.#limits.quiesceMs))) {
      const waited = (this.#limits.quiesceMs / 1_000).toFixed(1);
      throw new Refused(`Writes in flight on ${master.name} did not end within ${waited} s.`);
    }
    this.#assertGoing();
    this.#end('no write is in flight');
    this.#begin('Fence');
    await notes.write(this.#note('fencing'));
    this.#undo.add(() => this.#undoFence(master, candidate));
    await dialect.switching.fence(master.connection, { clock, ms: this.#limits.fenceMs });
    this.#assertGoing();
    this.#end(`${master.name} refuses writes`);
    this.#begin('Catch up');
    const names = { master: master.name, candidate: candidate.name };
    const deps = { dialect, clock, names, master: master.connection, candidate: candidate.connection };
    const position = await catchUp(deps, this.#limits.catchUpMs);
    this.#assertGoing();
    this.#end(`${candidate.name} has everything, up to ${position}`);
  }

  async #undoFence(master: Contact, candidate: Contact): Promise<void> {
    const { live, notes, isStopping, onError } = this.#deps;
    const deps = { ...this.#deps, master, candidate, askedForPromotion: () => this.#askedForPromotion };
    try {
      await undoFence(deps, this.#limits.undoMs);
    } catch (error) {
      // A master that died fenced would come back fenced.
      const isOver = () => isStopping() || live.current.topology.master.name !== master.name;
      void undoFenceLater(deps, isOver)
        .then((undone) => (undone ? notes.clear() : undefined))
        .catch(onError);
      throw error;
    }
    await notes.clear();
  }

  async #goWithoutMaster({ plan }: Inspection): Promise<void> {
    const { gate } = this.#deps;
    gate.refuse(`The master is lost and ${plan.to} takes over.`);
    this.#cutOff();
    if (!(await gate.quiesce(this.#limits.quiesceMs))) throw new Refused('Writes in flight did not end.');
    this.#assertGoing();
    this.#end('writes are refused until it is over');
    this.#skip('Fence', `${plan.from} does not answer`);
    this.#skip('Catch up', plan.loss);
    await this.#deps.notes.write(this.#note('fencing'));
    this.#undo.add(() => this.#deps.notes.clear());
  }

  /**
   * A lost master may come back at any moment and acknowledge what was sent to it before: then it would be missing on the new
   * one. So its connections end now, and whoever waits for one learns that nothing was sent.
   */
  #cutOff(): void {
    const pool = poolOf(this.#before, this.#before.topology.master);
    pool.cut();
    pool.refuseWaiting();
  }

  #note(phase: SwitchoverNote['phase']): SwitchoverNote {
    return {
      phase,
      from: this.#before.topology.master.name,
      to: this.#request.name,
      emergency: this.#request.emergency === true,
      startedAt: Math.round(this.#deps.clock.now()),
    };
  }

  async #promote({ facts, plan }: Inspection, candidate: Reached): Promise<Reached> {
    this.#begin('Promote');
    const { notes, clock } = this.#deps;
    const deps = { ...this.#deps, candidate, assertGoing: () => this.#assertGoing() };
    let promoted: Reached;
    if (facts.candidate.missingToPromote.length === 0) {
      await notes.write(this.#note('promoting'));
      promoted = await promote(deps, this.#limits.promoteMs);
    } else {
      this.#askedForPromotion = true;
      const commands = plan.commands[0]?.commands ?? [];
      const detail = `Run on ${candidate.name} now: ${commands.join(' ')}`;
      const asks = { source: candidate.name, text: `Run this on ${candidate.name} now.`, commands };
      this.#progress({ name: 'Promote', state: 'running', detail, asks });
      const left = manualPromotionMs(this.#before.settings.writeHoldLimitMs, clock.now() - this.#heldSince);
      promoted = await awaitPromotion(deps, facts.emergency ? undefined : left);
    }
    this.#undo.forget();
    this.#end(`${candidate.name} is a master`);
    return promoted;
  }

  async #takeOver(estate: Estate): Promise<void> {
    this.#begin('Verify');
    const verified = await verifyNewMaster(this.#deps, estate, this.#limits.verifyMs);
    this.#end('a write and a read went through');
    this.#begin('Switch');
    const generation = await takeOver(this.#deps, estate, verified);
    this.#published = true;
    this.#watchAgain();
    this.#end(`generation ${generation} is in use, ${estate.candidate.name} is its master`);
  }

  #release(): void {
    const failedStep = this.#step;
    this.#begin('Release writes');
    this.#hold = this.#writeHold.end();
    this.#end(`${this.#hold.held} held writes go on after ${Math.round(this.#hold.holdMs)} ms`);
    if (!this.#published) this.#step = failedStep;
  }

  async #followReplicas({ plan, contacts }: Inspection, repointing: Promise<FollowUp[]>): Promise<FollowUp[]> {
    this.#begin('Re-point replicas');
    const left = await repointing;
    for (const { name } of contacts.replicas) this.#deps.monitor.checkNow(name);
    const following = contacts.replicas.length - left.length;
    this.#end(`${following} of ${contacts.replicas.length} follow ${plan.to}`);
    return left;
  }

  #succeeded({ plan, contacts }: Inspection, replicas: readonly FollowUp[]): SwitchoverResult {
    const { commands, lasting } = this.#deps.dialect.switching;
    const followUps = [...replicas, rejoinFollowUp(commands.rejoin(contacts.candidate.source), plan.from, plan.to)];
    const former = plan.emergency
      ? `${plan.from} could not be fenced: keep it from coming back as a master.`
      : `${plan.from} is fenced: it refuses writes until it is made a replica.`;
    const waited = plan.emergency ? plan.loss : `Writes waited ${Math.round(this.#hold.holdMs)} ms.`;
    const astray = replicas.length === 0 ? '' : ` ${replicas.length} other replicas do not follow it yet.`;
    const toDo = lasting({ former: plan.from, master: plan.to });
    const summary = `${plan.to} is the master now. ${waited} ${former}${astray} ${toDo}`.trim();
    this.#report('switched_over', 'info', summary);
    return { ...this.#result('succeeded', summary), followUps };
  }

  async #failed(error: unknown, inspection: Inspection | undefined): Promise<SwitchoverResult> {
    const known = error instanceof Refused || error instanceof Cancelled || error instanceof BeyondReturn;
    const reason = known ? error.message : `${this.#deps.dialect.classify(error, true).text}.`.replace('..', '.');
    this.#progress({ name: this.#step, state: 'failed', detail: reason });
    if (inspection !== undefined && (error instanceof BeyondReturn || this.#isBeyondReturn())) {
      return this.#failedAfter(reason, inspection);
    }
    const left = await this.#undo.run();
    if (left.length > 0) return this.#ended('failed-after-switch', `${reason} ${left.join(' ')}`);
    const outcome = error instanceof Cancelled ? 'cancelled' : 'failed-nothing-changed';
    return this.#ended(outcome, `${reason} Nothing changed; ${this.#before.topology.master.name} is the master.`);
  }

  #isBeyondReturn(): boolean {
    return ['Verify', 'Switch', 'Release writes', 'Re-point replicas'].includes(this.#step);
  }

  #failedAfter(reason: string, { plan }: Inspection): SwitchoverResult {
    this.#undo.forget();
    if (this.#hold === noHold) this.#release();
    if (this.#published) return this.#ended('failed-after-switch', `${plan.to} is the master now, but: ${reason}`);
    const former = plan.emergency ? `${plan.from} was lost before.` : `${plan.from} stays fenced.`;
    const { followPromotion } = this.#before.settings;
    const next = followPromotion ? 'it is followed' : 'put it first in DataSource, reload and recycle';
    return this.#ended('failed-after-switch', `${reason} ${former} When ${plan.to} accepts writes, ${next}.`);
  }

  #ended(outcome: SwitchoverResult['outcome'], summary: string): SwitchoverResult {
    const severity = outcome === 'cancelled' ? 'warning' : 'error';
    this.#report('switchover_failed', severity, `Switchover unsuccessful: ${summary}`);
    return this.#result(outcome, summary);
  }

  #report(kind: string, severity: 'info' | 'warning' | 'error', text: string): void {
    const detail = { step: this.#step, write_hold_ms: Math.round(this.#hold.holdMs), writes_held: this.#hold.held };
    this.#deps.live.report({ kind, severity, source: this.#request.name, text, detail });
  }

  #result(outcome: SwitchoverResult['outcome'], summary: string): SwitchoverResult {
    const { holdMs, held, failed } = this.#hold;
    const { generation } = this.#deps.live.current.topology;
    return { outcome, summary, generation, followUps: [], writeHoldMs: holdMs, writesHeld: held, writesFailed: failed };
  }
}
