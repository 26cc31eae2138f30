import { type Contact, contact, type ContactDeps, closeContact, type Reached, reached } from '../switchover/contact.ts';
import type { ReplicaAnswer } from '../switchover/facts.ts';
import type { WriteJournal } from '../../query/journal.ts';
import type { Live } from '../live.ts';
import { choosePromotion, favourite, type Follower, type PromotionChoice, type PromotionQuestion } from './choose.ts';
import { aboutOne, type ReplicaFacts, withRepoint } from './facts.ts';

/** What was asked of every database, and what follows from it. Close it when done. */
export interface Inquiry {
  readonly choice: PromotionChoice;
  readonly contacts: readonly Contact[];
  /** @throws Refused when it does not answer. */
  reached(name: string): Reached;
  /** The other replicas, with what is missing to re-point each. */
  others(name: string): { readonly contacts: readonly Contact[]; readonly answers: readonly ReplicaAnswer[] };
}

export interface InquiryDeps extends Omit<ContactDeps, 'connectTimeoutMs'> {
  readonly live: Live;
  readonly journal: WriteJournal;
  readonly followers: ReadonlyMap<string, Follower>;
}

/** Connects to every data source anew and judges who could be promoted. Changes nothing, never throws for a database's sake. */
export async function inquire(deps: InquiryDeps, { isRehearsal }: { readonly isRehearsal: boolean }): Promise<Inquiry> {
  const { live, dialect, journal, followers } = deps;
  const { settings, topology } = live.current;
  const [first, ...sources] = settings.sources;
  const reach = { ...deps, connectTimeoutMs: settings.connectTimeoutMs };
  const [master, ...replicas] = await Promise.all([first, ...sources].map((one) => contact(reach, one)));
  const { name, clusterId, timeline, synchronous } = topology.master;
  const contacts = [...(master === undefined ? [] : [master]), ...replicas];
  const facts = await Promise.all(replicas.map((one) => aboutOne(dialect, one)));
  const found = (choice: PromotionChoice, all: readonly ReplicaFacts[]): Inquiry => ({
    choice,
    contacts,
    reached: (wanted) => reached(find(replicas, wanted)),
    others: (heir) => othersThan(heir, replicas, all),
  });
  const alive = isRehearsal ? '' : whyNotLost(master);
  if (alive !== '') return found({ refusal: alive }, facts);
  if (synchronous === null) return found({ refusal: `${name} commits asynchronously.` }, facts);
  const base: PromotionQuestion = {
    master: { name, clusterId, timeline, synchronous },
    replicas: facts,
    followers,
    canBringOver: (position) => journal.missing(position) !== undefined,
    reached: dialect.reached,
    isRehearsal,
  };
  const heir = replicas.find((one) => one.name === favourite(base));
  const all = await Promise.all(
    facts.map((one) => withRepoint(dialect, one, { replica: find(replicas, one.name), heir })),
  );
  return found(choosePromotion({ ...base, replicas: all }), all);
}

/** A master that says anything at all lives: a wrong password, no free connection. */
function whyNotLost(master: Contact | undefined): string {
  if (master?.reading !== undefined) return `${master.name} answers: it is not lost.`;
  if (master?.failure === undefined || master.failure.kind === 'unreachable') return '';
  return `${master.name} answers, and is not lost: ${master.failure.text}`;
}

function find(contacts: readonly Contact[], name: string): Contact {
  const found = contacts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Nobody asked ${name}.`);
  return found;
}

function othersThan(
  heir: string,
  replicas: readonly Contact[],
  facts: readonly ReplicaFacts[],
): ReturnType<Inquiry['others']> {
  const others = replicas.filter(
    ({ name, reading }) => name !== heir && (reading === undefined || reading.role === 'replica'),
  );
  return {
    contacts: others,
    answers: others.map(({ name, reading, failure }) => {
      const missing = facts.find((one) => one.name === name)?.missingToRepoint ?? [];
      return { name, reading, failure, missing, hasMore: false };
    }),
  };
}

export async function closeInquiry({ contacts }: Inquiry): Promise<void> {
  await Promise.all(contacts.map(closeContact));
}
