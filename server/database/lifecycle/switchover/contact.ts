import type { Clock } from '../../clock.ts';
import type { DataSource } from '../../data-source/data-source.ts';
import type { Connection, Dialect, Failure, ProbeReading } from '../../dialect/dialect.ts';
import type { ConfiguredSource } from '../../settings/settings.ts';
import { Refused } from '../refused.ts';

/** How long one question may take before the switchover has begun to hold writes. */
export const questionMs = 3_000;

export interface ContactDeps {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
}

/** A data source with a connection that is used for the switchover alone, or the reason why there is none. */
export interface Contact {
  readonly configured: ConfiguredSource;
  readonly source: DataSource;
  readonly name: string;
  readonly connection: Connection | undefined;
  readonly reading: ProbeReading | undefined;
  readonly failure: Failure | undefined;
}

/** Opens a connection of the switchover's own. */
export function openConnection(deps: ContactDeps, source: DataSource): Promise<Connection> {
  const { dialect, connectTimeoutMs } = deps;
  return dialect
    .connector(source, { connectTimeoutMs, statementTimeoutMs: 30_000, applicationName: 'holdfast switchover' })
    .open();
}

/** Connects and looks. Never throws. */
export async function contact(deps: ContactDeps, configured: ConfiguredSource): Promise<Contact> {
  const { source } = configured;
  const base = { configured, source, name: source.name };
  let connection: Connection | undefined;
  try {
    connection = await openConnection(deps, source);
    const reading = await deps.dialect.probe(connection, questionMs);
    return { ...base, connection, reading, failure: undefined };
  } catch (error) {
    connection?.destroy();
    return { ...base, connection: undefined, reading: undefined, failure: deps.dialect.classify(error, false) };
  }
}

export async function closeContact({ connection }: Contact): Promise<void> {
  await connection?.close();
}

/** A contact that answered: the preflight lets no other take part. */
export type Reached = Contact & { readonly connection: Connection };

/** @throws Refused when it did not answer. */
export function reached(contacted: Contact): Reached {
  if (contacted.connection === undefined) throw new Refused(`${contacted.name} does not answer.`);
  return { ...contacted, connection: contacted.connection };
}
