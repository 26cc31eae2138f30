import type { Failure, ProbeReading } from '../dialect/dialect.ts';
import type { Health, Member } from './topology.ts';

/** What came out of one probe. */
export type ProbeOutcome =
  | { readonly ok: true; readonly reading: ProbeReading }
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
}

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
    return { health: 'lagging', cause: `${lagBytes} bytes behind the master, allowed are ${limits.lagBytes}.` };
  }
  return undefined;
}

function replicaVerdict(member: Member, reading: ProbeReading, context: ProbeContext): Verdict {
  if (reading.role !== 'replica') {
    return {
      health: 'suspect',
      cause:
        'It is no replica: it accepts writes of its own (promoted?). Make it the master by Recycle, or rebuild it.',
    };
  }
  if (context.masterAnswers && !reading.receiving) {
    return { health: 'suspect', cause: 'It does not receive changes from the master: its replication link is down.' };
  }
  if (context.masterAnswers && reading.timeline !== null && context.masterTimeline !== null) {
    if (reading.timeline !== context.masterTimeline) {
      return {
        health: 'suspect',
        cause: `It follows timeline ${reading.timeline}, the master is on ${context.masterTimeline}: point it to the master.`,
      };
    }
  }
  const lagging = lagVerdict(member, context);
  if (lagging !== undefined) {
    return reading.replayPaused ? { ...lagging, cause: `${lagging.cause} Replay is paused.` } : lagging;
  }
  return { health: 'online', cause: 'Serves reads.' };
}

function goodVerdict(member: Member, reading: ProbeReading, context: ProbeContext): Verdict {
  if (context.clusterId !== null && reading.clusterId !== context.clusterId) {
    return { health: 'suspect', cause: 'It belongs to another database cluster.' };
  }
  if (member.role !== 'master') return replicaVerdict(member, reading, context);
  if (reading.role === 'master') return { health: 'online', cause: 'Accepts writes.' };
  return {
    health: 'suspect',
    cause:
      reading.role === 'replica'
        ? 'It refuses writes: it is a replica of another master.'
        : 'It refuses writes: default_transaction_read_only is on.',
  };
}

function badVerdict(member: Member, outcome: ProbeOutcome & { ok: false }): Verdict {
  const failures = member.badProbes + 1;
  const allowed = outcome.timedOut ? silentProbesAllowed : refusedProbesAllowed;
  const health = failures >= allowed || member.health === 'offline' ? 'offline' : 'suspect';
  const what = outcome.timedOut ? 'It does not answer' : 'It cannot be reached';
  return { health, cause: `${what}: ${outcome.failure.text}` };
}

function afterGoodProbe(member: Member, reading: ProbeReading, context: ProbeContext): Member {
  const goodProbes = member.goodProbes + 1;
  const verdict = goodVerdict(member, reading, context);
  const waits = member.health === 'offline' && verdict.health === 'online' && goodProbes < probesToReturn;
  const sameCluster = member.clusterId === reading.clusterId;
  const keepsPosition = sameCluster && member.position !== null && member.position > reading.position;
  return {
    ...member,
    ...(waits
      ? { health: 'offline' as const, cause: 'It answers again; one more good check and it returns.' }
      : verdict),
    observed: reading.role,
    position: keepsPosition ? member.position : reading.position,
    timeline: reading.timeline,
    // The first identity stays: a source that turns into another cluster must not become the new truth.
    clusterId: member.clusterId ?? reading.clusterId,
    lagMs: member.role === 'master' ? 0 : context.lagMs,
    lagBytes: member.role === 'master' ? 0 : context.lagBytes,
    version: reading.version,
    connectionsAllowed: reading.connectionsAllowed,
    durability: reading.durability,
    goodProbes,
    badProbes: 0,
    checkedAt: context.now,
  };
}

/** The member after a probe. Pure: the same member, outcome and context give the same answer. */
export function applyProbe(member: Member, outcome: ProbeOutcome, context: ProbeContext): Member {
  const next = outcome.ok
    ? afterGoodProbe(member, outcome.reading, context)
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

/** The member after a statement on it failed in a way that speaks against its health: no new work until a probe. */
export function applyTrafficFailure(member: Member, text: string, now: number): Member {
  if (member.health !== 'online' && member.health !== 'lagging') return member;
  return { ...member, health: 'suspect', cause: `A statement failed: ${text}`, healthSince: now, goodProbes: 0 };
}

/** The member with a newer position, read along with a statement; an older one changes nothing. */
export function applyPosition(member: Member, position: string): Member {
  return member.position !== null && member.position >= position ? member : { ...member, position };
}
