import type { Dialect } from '../dialect/dialect.ts';
import type { DatabaseSettings } from '../settings/settings.ts';
import { sentence } from '../sentence.ts';
import { applyProbe, type Member, newMember } from '../topology/index.ts';
import type { Verified } from './verify.ts';

/** What the members of a new generation are built from. */
export interface MemberContext {
  readonly dialect: Dialect;
  readonly settings: DatabaseSettings;
  readonly now: number;
  /** Members of the running topology; what is known about them stays known. */
  readonly running: readonly Member[];
  /** Name of the master to be. */
  readonly master: string;
}

/** The members as their verification found them: whoever is fit serves at once, without waiting for a probe. */
export function membersOf(verified: readonly Verified[], context: MemberContext): Member[] {
  const master = verified[0]?.reading;
  return verified.map((one) => {
    const start = startOf(one, context);
    if (one.reading === undefined) {
      const cause = sentence(one.failure?.text ?? 'It could not be reached');
      return { ...start, health: 'offline', cause, healthSince: context.now, badProbes: 1 };
    }
    const { dialect, settings, now } = context;
    return applyProbe(
      start,
      { ok: true, reading: one.reading },
      {
        now,
        clusterId: master?.clusterId ?? null,
        masterAnswers: true,
        masterTimeline: master?.timeline ?? null,
        lagMs: null,
        lagBytes: master === undefined ? null : dialect.distance(master.position, one.reading.position),
        limits: { lagMs: settings.lagLimitMs, lagBytes: settings.lagLimitBytes },
        reached: dialect.reached,
      },
    );
  });
}

function startOf(one: Verified, context: MemberContext): Member {
  const running = context.running.find((member) => member.name === one.configured.source.name);
  const { source, role, index } = one.configured;
  if (running !== undefined && running.role === role) {
    // Under another master it shares nothing until it is seen to.
    const masterStays = context.running.some((member) => member.role === 'master' && member.name === context.master);
    return { ...running, source, index, sharedUpTo: masterStays ? running.sharedUpTo : null };
  }
  const fresh = newMember(one.configured, context.now);
  // Not `offline`: a source that was just verified need not prove itself twice.
  const takenOut = role === 'master' ? null : (running?.takenOut ?? null);
  return { ...fresh, health: 'suspect', clusterId: running?.clusterId ?? null, takenOut };
}
