import type { Dialect } from '../../dialect/dialect.ts';
import type { DataSource } from '../../data-source/data-source.ts';
import type { Check } from '../verify.ts';
import type { SwitchoverFacts } from './facts.ts';
import { describeLoss, preflight } from './preflight.ts';
import type { FollowUp } from './result.ts';

/** What a switchover would do, before it does anything. The shape that goes over the wire as it is. */
export interface SwitchoverPlan {
  from: string;
  to: string;
  emergency: boolean;
  checks: Check[];
  possible: boolean;
  /** Why it is not possible; empty otherwise. */
  reason: string;
  /** What a person has to do themselves, in this order, with the exact commands. */
  commands: { source: string; text: string; commands: string[] }[];
  /** What the emergency path may lose; empty otherwise. */
  loss: string;
  effect: string;
}

/** Judges the facts and says what is left for a person. Pure. */
export function makeSwitchoverPlan(dialect: Dialect, facts: SwitchoverFacts, candidate: DataSource): SwitchoverPlan {
  const { emergency, master } = facts;
  const checks = preflight(facts);
  const refusal = checks.find(({ outcome }) => outcome === 'failed');
  return {
    from: master.name,
    to: facts.candidate.name,
    emergency,
    checks,
    possible: refusal === undefined,
    reason: refusal?.text ?? '',
    commands: commandsFor(dialect, facts, candidate).map((one) => ({ ...one, commands: [...one.commands] })),
    loss: emergency ? describeLoss(facts) : '',
    effect:
      `${effectOf(facts)} ${dialect.switching.lasting({ former: master.name, master: facts.candidate.name })}`.trim(),
  };
}

function effectOf({ emergency, master, candidate }: SwitchoverFacts): string {
  return emergency
    ? `Writes are refused until ${candidate.name} is the master. ${master.name} is not fenced: keep it from coming back.`
    : `Writes wait about a second; nobody is signed out. ${master.name} refuses writes afterwards until it is made a replica.`;
}

/** The commands for a person; the promotion comes first, since it is awaited. */
function commandsFor({ switching }: Dialect, facts: SwitchoverFacts, candidate: DataSource): FollowUp[] {
  const { name, missingToPromote, facts: ofCandidate } = facts.candidate;
  const promotion =
    missingToPromote.length === 0
      ? []
      : [
          {
            source: name,
            text: `Promote ${name} when the step Promote asks for it.`,
            commands: switching.commands.promote(ofCandidate?.received ?? null),
          },
        ];
  const replicas = facts.replicas
    .filter(({ reading, missing }) => reading === undefined || missing.length > 0)
    .map((replica) => ({
      source: replica.name,
      text: `Let ${replica.name} follow ${name}, after the switch.`,
      commands: switching.commands.repoint(candidate),
    }));
  return [...promotion, ...replicas, rejoinFollowUp(switching.commands.rejoin(candidate), facts.master.name, name)];
}

/** What is left to do about the former master. */
export function rejoinFollowUp(commands: readonly string[], former: string, master: string): FollowUp {
  return { source: former, text: `Make ${former} a replica of ${master}, after the switch.`, commands };
}
