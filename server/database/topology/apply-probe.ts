import type { Failure, Position, ProbeReading, Reached } from '../dialect/dialect.ts';
import { sentence } from '../sentence.ts';
import type { Health, Member } from './topology.ts';

/** What came out of one probe. */
export type ProbeOutcome =
  | {
      readonly ok: true;
      readonly reading: ProbeReading;
      /** On a master whose writes do not end: why, as far as it can be told. Absent while they do, and where nobody writes. */
      readonly stalled?: string;
    }
  | { readonly ok: false; readonly failure: Failure; readonly timedOut: boolean };

/** What a member is judged against. */
export interface ProbeContext {
  readonly now: number;
  /** The identity of the cluster; null until the master was read once. */
  readonly clusterId: string | null;
  /** Whether the master answers: without it, a replica's missing link is no fault of the replica. */
  readonly masterAnswers: boolean;
  readonly masterTimeline: number | null;
  readonly lagMs: number | null;
  readonly lagBytes: number | null;
  readonly limits: { readonly lagMs: number; readonly lagBytes: number };
  readonly reached: Reached;
}

type GoodProbe = ProbeOutcome & { readonly ok: true };

interface Verdict {
  readonly health: Health;
  readonly cause: string;
}

/** Failed probes until a silent source counts as offline. A refused one is offline at the second. */
const silentProbesAllowed = 3;
const refusedProbesAllowed = 2;
/** Good probes that a source needs to come back from offline. */
const probesToReturn = 2;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function lagVerdict(member: Member, context: ProbeContext): Verdict | undefined {
  const { lagMs, lagBytes, limits } = context;
  // Hysteresis: out above the limit, back below half of it.
  const factor = member.health === 'lagging' ? 0.5 : 1;
  if (lagMs !== null && lagMs > limits.lagMs * factor) {
    return {
      health: 'lagging',
      cause: `Lag ${seconds(lagMs)} > ${seconds(limits.lagMs)}. Returns below ${seconds(limits.lagMs / 2)}.`,
    };
  }
  // Bytes decide only while the time is unknown: right after a start, and while the master is silent.
  if (lagMs === null && lagBytes !== null && lagBytes > limits.lagBytes * factor) {
    return {
      health: 'lagging',
      cause: `${lagBytes} bytes behind the master, allowed are ${limits.lagBytes}. Returns below ${limits.lagBytes / 2}.`,
    };
  }
  return undefined;
}

/** Without its master, a replica may follow a newer one that we do not know of yet; an older one it must never. */
function isAstray({ timeline }: ProbeReading, { masterTimeline, masterAnswers }: ProbeContext): boolean {
  if (timeline === null || masterTimeline === null) return false;
  return timeline < masterTimeline || (masterAnswers && timeline > masterTimeline);
}

function replicaVerdict(member: Member, reading: ProbeReading, context: ProbeContext): Verdict {
  if (reading.role === 'read-only') {
    return {
      health: 'suspect',
      cause:
        'It is a former master that is fenced: it refuses writes and follows nobody. Make it a replica of the master.',
    };
  }
  if (reading.role !== 'replica') {
    const { masterTimeline } = context;
    if (reading.timeline !== null && masterTimeline !== null && reading.timeline < masterTimeline) {
      return {
        health: 'suspect',
        cause:
          `It accepts writes of its own on timeline ${reading.timeline}, the master is on ${masterTimeline}: ` +
          'a former master that came back. Stop it and rebuild it as a replica.',
      };
    }
    return {
      health: 'suspect',
      cause:
        'It is no replica: it accepts writes of its own (promoted?). Make it the master by Recycle, or rebuild it.',
    };
  }
  if (context.masterAnswers && !reading.receiving) {
    return { health: 'suspect', cause: 'It does not receive changes from the master: its replication link is down.' };
  }
  if (isAstray(reading, context)) {
    return {
      health: 'suspect',
      cause: `It follows timeline ${reading.timeline}, the master is on ${context.masterTimeline}: point it to the master.`,
    };
  }
  const lagging = lagVerdict(member, context);
  if (lagging !== undefined) {
    return reading.replayPaused ? { ...lagging, cause: `${lagging.cause} Replay is paused.` } : lagging;
  }
  return { health: 'online', cause: 'Serves reads.' };
}

function withRemark(cause: string, { remark = '' }: ProbeReading): string {
  return remark === '' ? cause : `${cause} ${remark}`;
}

function goodVerdict(member: Member, { reading, stalled }: GoodProbe, context: ProbeContext): Verdict {
  if (member.role !== 'master') return replicaVerdict(member, reading, context);
  if (reading.role === 'master' && stalled !== undefined) {
    return { health: 'suspect', cause: `It answers, but its writes do not end. ${stalled}`.trim() };
  }
  if (reading.role === 'master') return { health: 'online', cause: 'Accepts writes.' };
  return {
    health: 'suspect',
    cause:
      reading.role === 'replica'
        ? 'It refuses writes: it is a replica of another master.'
        : withRemark('It refuses writes.', reading),
  };
}

function badVerdict(member: Member, outcome: ProbeOutcome & { ok: false }): Verdict {
  const failures = member.badProbes + 1;
  const allowed = outcome.timedOut ? silentProbesAllowed : refusedProbesAllowed;
  const health = failures >= allowed || member.health === 'offline' ? 'offline' : 'suspect';
  const what = outcome.timedOut ? 'It does not answer' : 'It cannot be reached';
  return { health, cause: sentence(`${what}: ${outcome.failure.text}`) };
}

/** How far it certainly has the master's history. A promoted replica keeps what it had as a replica. */
function sharedUpTo(member: Member, reading: ProbeReading, context: ProbeContext): Position | null {
  if (member.role === 'master') return null;
  if (reading.role !== 'replica' || reading.timeline === null || context.masterTimeline === null) {
    return member.sharedUpTo;
  }
  return reading.timeline === context.masterTimeline ? reading.position : null;
}

/**
 * The history that a member belongs to. A master that was stopped and comes back as a replica of a promoted one follows
 * that one's history, and while it is rebuilt it is nobody's. The published history stays the one that it led, until it
 * accepts writes again or another master is published: what was acknowledged in it still has to be carried over.
 */
function timelineOf(member: Member, seen: number | null, leads: boolean): number | null {
  return member.role === 'master' && !leads ? (member.timeline ?? seen) : seen;
}

/** Nothing that a foreign database says counts: neither its role nor its positions mean anything here. */
function asForeign(member: Member, context: ProbeContext): Member {
  return {
    ...member,
    health: 'suspect',
    cause: 'It belongs to another database cluster.',
    observed: 'unknown',
    position: null,
    timeline: timelineOf(member, null, false),
    sharedUpTo: null,
    lagMs: null,
    lagBytes: null,
    goodProbes: 0,
    badProbes: 0,
    checkedAt: context.now,
  };
}

function afterGoodProbe(member: Member, probe: GoodProbe, context: ProbeContext): Member {
  const { reading } = probe;
  if (context.clusterId !== null && reading.clusterId !== context.clusterId) return asForeign(member, context);
  const goodProbes = member.goodProbes + 1;
  const good = goodVerdict(member, probe, context);
  const isOut = good.health === 'online' && context.now < member.outUntil;
  const verdict = isOut ? { health: 'suspect' as const, cause: member.cause } : good;
  const waits = member.health === 'offline' && verdict.health === 'online' && goodProbes < probesToReturn;
  // A statement may have read a newer position meanwhile. One of a former life - another history, a copy that was put
  // back - would make it look further ahead than it is.
  const sameLife =
    member.badProbes === 0 &&
    member.clusterId === reading.clusterId &&
    member.timeline === reading.timeline &&
    member.observed === reading.role &&
    member.instance === reading.instance;
  const keepsPosition = sameLife && member.position !== null && context.reached(member.position, reading.position);
  return {
    ...member,
    ...(waits
      ? { health: 'offline' as const, cause: 'It answers again; one more good check and it returns.' }
      : verdict),
    observed: reading.role,
    position: keepsPosition ? member.position : reading.position,
    timeline: timelineOf(member, reading.timeline, reading.role === 'master'),
    // The first identity stays: a source that turns into another cluster must not become the new truth.
    clusterId: member.clusterId ?? reading.clusterId,
    instance: reading.instance,
    sharedUpTo: sharedUpTo(member, reading, context),
    lagMs: member.role === 'master' ? 0 : context.lagMs,
    lagBytes: member.role === 'master' ? 0 : context.lagBytes,
    version: reading.version,
    connectionsAllowed: reading.connectionsAllowed,
    durability: reading.durability,
    synchronous: reading.synchronous ?? null,
    goodProbes,
    badProbes: 0,
    checkedAt: context.now,
  };
}

/** The member after a probe. Pure: the same member, outcome and context give the same answer. */
export function applyProbe(member: Member, outcome: ProbeOutcome, context: ProbeContext): Member {
  const next = outcome.ok
    ? afterGoodProbe(member, outcome, context)
    : {
        ...member,
        ...badVerdict(member, outcome),
        goodProbes: 0,
        badProbes: member.badProbes + 1,
        checkedAt: context.now,
        ...(member.badProbes + 1 >= silentProbesAllowed ? { lagMs: null, lagBytes: null } : {}),
      };
  if (next.health === member.health) return next;
  return {
    ...next,
    healthSince: context.now,
    admittedAt: next.health === 'online' ? context.now : member.admittedAt,
  };
}

/**
 * The member after a statement on it failed in a way that speaks against its health: no new work until a probe.
 *
 * @param outMs how long it stays out even if its probes are good: they do not see every fault.
 */
export function applyTrafficFailure(member: Member, failure: { text: string; now: number; outMs: number }): Member {
  const { text, now, outMs } = failure;
  if (member.health !== 'online' && member.health !== 'lagging') return member;
  const cause = sentence(`A statement failed: ${text}`);
  return { ...member, health: 'suspect', cause, healthSince: now, goodProbes: 0, outUntil: now + outMs };
}

/** The member with a newer position, read along with a statement; an older one changes nothing. */
export function applyPosition(member: Member, position: Position, reached: Reached): Member {
  return member.position !== null && reached(member.position, position) ? member : { ...member, position };
}
