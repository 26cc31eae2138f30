import type { DatabaseMode, DatabaseStatus, Readiness } from '../../../contract/index.ts';

export interface ReadinessFacts {
  readonly isServing: boolean;
  readonly mode: DatabaseMode;
  readonly status: Pick<DatabaseStatus, 'sources'>;
}

/** Why the server cannot do its work. The detail names hosts: it is for operators, not for strangers. */
interface Reason {
  readonly text: string;
  readonly detail: string;
}

/**
 * Whether the server can do its work, and why not. A switch is no reason: it holds writes for a moment and refuses
 * none, and another server would have to wait for the same database.
 *
 * @param detailed whether the reasons may name hosts.
 */
export function readinessOf(facts: ReadinessFacts, detailed: boolean): Readiness {
  const found = reasonsOf(facts);
  const reasons = found.map(({ text, detail }) => (detailed && detail !== '' ? `${text}: ${detail}` : `${text}.`));
  return { status: found.length === 0 ? 'OK' : 'UNHEALTHY', mode: facts.mode.mode, since: facts.mode.since, reasons };
}

function reasonsOf({ isServing, mode, status }: ReadinessFacts): Reason[] {
  const reasons: Reason[] = [];
  if (!isServing) reasons.push({ text: 'The server is starting or stopping', detail: '' });
  if (mode.mode === 'read-only') reasons.push({ text: 'The server is in read-only mode', detail: mode.reason });
  else if (mode.mode === 'normal') reasons.push(...masterReasons(status));
  return reasons;
}

function masterReasons({ sources }: ReadinessFacts['status']): Reason[] {
  const master = sources.find(({ assigned_role }) => assigned_role === 'master');
  if (!master) return [{ text: 'There is no master', detail: '' }];
  const { name, health, observed_role, cause } = master;
  if (health === 'offline') return [{ text: 'The master is unreachable', detail: `${name}: ${cause}` }];
  const acceptsWrites = observed_role === 'master' || observed_role === 'unknown';
  return acceptsWrites ? [] : [{ text: 'The master accepts no writes', detail: `${name}: ${cause}` }];
}
