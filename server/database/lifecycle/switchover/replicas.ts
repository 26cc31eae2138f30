import { type Clock, pause } from '../../clock.ts';
import type { Connection, Dialect } from '../../dialect/dialect.ts';
import type { DataSource } from '../../data-source/data-source.ts';
import type { Contact } from './contact.ts';
import type { ReplicaAnswer } from './facts.ts';
import type { FollowUp } from './result.ts';

const followLimitMs = 5_000;
const statementMs = 3_000;
const pollMs = 100;

export interface RepointDeps {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly master: { readonly connection: Connection; readonly source: DataSource };
}

/**
 * Lets the other replicas follow the new master. Never throws.
 *
 * @returns those that do not, with what a person has to do.
 */
export async function repointReplicas(
  deps: RepointDeps,
  replicas: readonly Contact[],
  answers: readonly ReplicaAnswer[],
): Promise<FollowUp[]> {
  const outcomes = await Promise.all(
    replicas.map(async (replica, at) => {
      const why = await repointOne(deps, replica, answers[at]?.missing ?? []);
      return why === undefined ? [] : [followUp(deps, replica, why)];
    }),
  );
  return outcomes.flat();
}

function followUp({ dialect, master }: RepointDeps, { name }: Contact, why: string): FollowUp {
  const text = `${name} does not follow ${master.source.name}: ${why} It serves no reads until it does.`;
  return { source: name, text, commands: dialect.switching.commands.repoint(master.source) };
}

/** Why it does not follow; undefined when it does. */
async function repointOne(
  deps: RepointDeps,
  { connection, failure }: Contact,
  missing: readonly string[],
): Promise<string | undefined> {
  if (connection === undefined) return `it does not answer (${failure?.text ?? ''}).`;
  if (missing.length > 0) return 'we may not re-point it.';
  try {
    await deps.dialect.switching.repoint(connection, deps.master, statementMs);
    return (await follows(deps, connection))
      ? undefined
      : `it was re-pointed and receives nothing after ${followLimitMs / 1_000} s.`;
  } catch (error) {
    return `${deps.dialect.classify(error, true).text}.`.replace('..', '.');
  }
}

async function follows({ dialect, clock, master }: RepointDeps, replica: Connection): Promise<boolean> {
  const { timeline } = await dialect.probe(master.connection, statementMs);
  const deadline = clock.now() + followLimitMs;
  do {
    const reading = await dialect.probe(replica, statementMs);
    if (reading.receiving && reading.role === 'replica' && reading.timeline === timeline) return true;
    await pause(clock, pollMs);
  } while (clock.now() < deadline);
  return false;
}
