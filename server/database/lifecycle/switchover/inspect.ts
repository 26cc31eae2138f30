import type { WriteJournal } from '../../query/journal.ts';
import type { ConfiguredSource, DatabaseSettings } from '../../settings/settings.ts';
import { withMaster } from '../../settings/with-master.ts';
import type { Snapshot } from '../live.ts';
import { Refused } from '../refused.ts';
import { closeContact, contact, type ContactDeps } from './contact.ts';
import { type Contacts, gatherFacts, type SwitchoverFacts } from './facts.ts';
import { limitsFor } from './limits.ts';
import { makeSwitchoverPlan, type SwitchoverPlan } from './plan.ts';
import type { SwitchoverRequest } from './result.ts';

/** All that is known before anything happens. Close the contacts when done. */
export interface Inspection {
  /** The settings with the candidate as the master. */
  readonly settings: DatabaseSettings;
  readonly contacts: Contacts;
  readonly facts: SwitchoverFacts;
  readonly plan: SwitchoverPlan;
}

export interface InspectDeps extends Omit<ContactDeps, 'connectTimeoutMs'> {
  readonly journal: WriteJournal;
}

/**
 * Connects to every data source and judges whether the one of the request may take over.
 *
 * @throws Refused when there is no such data source, when it is the master already, and on an engine without switchover.
 */
export async function inspect(deps: InspectDeps, before: Snapshot, request: SwitchoverRequest): Promise<Inspection> {
  const { topology } = before;
  const { sources, writeHoldLimitMs, maxOpenConnections, connectTimeoutMs } = before.settings;
  const chosen = sources.find(({ source }) => source.name === request.name);
  const [master] = sources;
  if (chosen === undefined) throw new Refused(`There is no data source ${request.name}.`);
  if (chosen === master) throw new Refused(`${request.name} is the master already.`);
  const reach = (one: ConfiguredSource) => contact({ ...deps, connectTimeoutMs }, one);
  const [ofMaster, candidate, ...replicas] = await Promise.all([
    reach(master),
    reach(chosen),
    ...sources.filter((one) => one !== chosen && one !== master).map(reach),
  ]);
  const contacts: Contacts = { master: ofMaster, candidate, replicas };
  const refusal = deps.dialect.switching.refusal((candidate.reading ?? ofMaster.reading)?.version ?? '');
  if (refusal !== '') {
    await closeContacts(contacts);
    throw new Refused(refusal);
  }
  const facts = await gatherFacts(deps, contacts, {
    emergency: request.emergency === true,
    running: { clusterId: topology.master.clusterId, timeline: topology.master.timeline },
    connectionsWanted: maxOpenConnections,
    promoteMs: manualPromotionMs(writeHoldLimitMs, 0),
  });
  const settings = withMaster(before.settings, request.name);
  return { settings, contacts, facts, plan: makeSwitchoverPlan(deps.dialect, facts, chosen.source) };
}

/** How long a person has to promote while writes are held: what is left of the hold, less the verification. */
export function manualPromotionMs(holdMs: number, heldForMs: number): number {
  return Math.max(0, holdMs * 0.9 - heldForMs - limitsFor(holdMs).verifyMs);
}

export async function closeContacts({ master, candidate, replicas }: Contacts): Promise<void> {
  await Promise.all([master, candidate, ...replicas].map(closeContact));
}
