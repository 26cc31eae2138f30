import { type Clock, pause } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import { Refused } from '../refused.ts';
import { openConnection, type Reached } from './contact.ts';
import { finishPromotion } from './finish-promotion.ts';
import { BeyondReturn } from './result.ts';

/** How often a candidate that we have promoted is looked at: every millisecond of it is a pause of all writes. */
const eagerMs = 3;
/** How often one that a person promotes is looked at. */
const watchMs = 250;
const probeMs = 1_000;

export interface PromotionDeps {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly candidate: Reached;
  /** Throws when the operation is to stop. */
  readonly assertGoing: () => void;
}

/**
 * Makes the candidate a master.
 *
 * @returns it, with a connection that lives.
 * @throws Refused when it certainly was not told to, BeyondReturn when it may have been and does not accept writes in time.
 */
export async function promote(deps: PromotionDeps, limitMs: number): Promise<Reached> {
  const { dialect, clock, candidate } = deps;
  const deadline = clock.now() + limitMs;
  let interrupted = false;
  try {
    await dialect.switching.promote(candidate.connection, limitMs);
  } catch (error) {
    interrupted = true;
    const failure = dialect.classify(error, true);
    // A refusal of the statement itself: it never got as far as telling anybody.
    const untold = failure.outcome === 'not-executed' || failure.kind === 'statement';
    if (untold) throw new Refused(`${candidate.name} refused to be promoted: ${failure.text}.`, { cause: error });
  }
  const master = await watch({ ...deps, interrupted }, eagerMs, () => clock.now() >= deadline);
  if (master !== undefined) return master;
  throw new BeyondReturn(`${candidate.name} was told to become the master and does not accept writes yet.`);
}

/**
 * Watches the candidate until a person has promoted it.
 *
 * @param limitMs undefined: for as long as it takes.
 * @throws Refused when it has not happened within the limit, whatever `assertGoing` throws before.
 */
export async function awaitPromotion(deps: PromotionDeps, limitMs: number | undefined): Promise<Reached> {
  const { clock, candidate, assertGoing } = deps;
  const deadline = clock.now() + (limitMs ?? Number.POSITIVE_INFINITY);
  const master = await watch(deps, watchMs, () => {
    assertGoing();
    return clock.now() >= deadline;
  });
  if (master !== undefined) return master;
  const waited = ((limitMs ?? 0) / 1_000).toFixed(1);
  throw new Refused(`${candidate.name} was not promoted within ${waited} s. Do not promote it now.`);
}

interface WatchDeps extends PromotionDeps {
  /** We have told it ourselves, and did not come to the end of it. */
  readonly interrupted?: boolean;
}

/** Looks at the candidate until it accepts writes; undefined when `isOver` says so before. */
async function watch(deps: WatchDeps, everyMs: number, isOver: () => boolean): Promise<Reached | undefined> {
  let { candidate } = deps;
  for (;;) {
    candidate = await reconnected(deps, candidate);
    if (await acceptsWrites(deps, candidate)) return candidate;
    if (isOver()) return undefined;
    await pause(deps.clock, everyMs);
  }
}

/** A candidate whose connection broke may well be promoted: it is asked on another one. */
async function reconnected({ dialect, clock }: PromotionDeps, candidate: Reached): Promise<Reached> {
  if (candidate.connection.usable) return candidate;
  try {
    const connection = await openConnection({ dialect, clock, connectTimeoutMs: probeMs }, candidate.source);
    return { ...candidate, connection };
  } catch {
    return candidate;
  }
}

/** One that does not answer is asked again: it may be busy with becoming the master. */
async function acceptsWrites(deps: WatchDeps, { connection }: Reached): Promise<boolean> {
  try {
    const reading = await deps.dialect.probe(connection, probeMs);
    if (deps.interrupted === true) await finishPromotion(deps, connection, reading, probeMs);
    return reading.role === 'master';
  } catch {
    return false;
  }
}
