import type { Position, Reached, SynchronousMode } from '../../dialect/dialect.ts';
import type { ReplicaFacts } from './facts.ts';

/** Everything that the choice depends on. */
export interface PromotionQuestion {
  /** The master as its last good probe told. */
  readonly master: {
    readonly name: string;
    readonly clusterId: string | null;
    readonly timeline: number | null;
    readonly synchronous: SynchronousMode;
  };
  /** All replicas of the configuration, in its order. */
  readonly replicas: readonly ReplicaFacts[];
  /** Which run of which replica was seen to follow the master, and the newest position that it was seen at. */
  readonly followers: ReadonlyMap<string, Follower>;
  /**
   * Whether this server can still bring over whatever it acknowledged beyond a position. A replica that has a write may stand a little
   * before the position of it: that is where the master was when it told, and the master tells before others have confirmed theirs.
   */
  readonly canBringOver: (position: Position) => boolean;
  readonly reached: Reached;
  /** The master lives: what only its loss can show is not asked for. */
  readonly isRehearsal: boolean;
}

export interface Follower {
  readonly instance: string | null;
  readonly position: Position | null;
}

export type PromotionChoice =
  | { readonly name: string; readonly text: string }
  /** Why nobody is promoted, with what to do. */
  | { readonly refusal: string };

type Standing = NonNullable<ReplicaFacts['standing']>;
type Answering = ReplicaFacts & { readonly standing: Standing };

const runAs = (statements: readonly string[]): string => `run as an administrator: ${statements.join(' ')}`;

/** Why a replica cannot vouch for anything; empty when it can. */
function doubtAbout(replica: ReplicaFacts, question: PromotionQuestion): string {
  const { reading, failure, standing, name } = replica;
  const { master, followers, isRehearsal, reached } = question;
  if (reading === undefined) return `does not answer: ${failure?.text ?? 'it is not known why'}`;
  if (reading.clusterId !== master.clusterId) return 'belongs to another database cluster';
  if (reading.role !== 'replica') return 'is no replica any more';
  if (reading.timeline !== null && master.timeline !== null && reading.timeline > master.timeline)
    return 'follows another master';
  const seen = followers.get(name);
  if (seen === undefined) return `was not seen to follow ${master.name}`;
  // What it had received and not applied may be hidden for a while after a restart, or thrown away by it.
  if (seen.instance !== reading.instance) return 'has restarted since it was seen to follow the master';
  if (standing === undefined) return 'does not tell what it has received';
  if (standing.confirmsAs === null) return 'hides under which name it confirms commits: grant pg_monitor to our user';
  const hasLess = seen.position !== null && !reached(standing.received, seen.position);
  return !isRehearsal && hasLess ? 'has not found again what it had before' : '';
}

/** Whether the master may have taken this replica's word for a commit. */
function mayConfirm({ standing: { confirmsAs } }: Answering, { confirmers }: SynchronousMode): boolean {
  if (confirmsAs === null || confirmsAs === '') return false;
  return confirmers === null || confirmers.includes(confirmsAs);
}

function vouching(question: PromotionQuestion): Answering[] {
  return question.replicas.filter(
    (replica): replica is Answering =>
      replica.standing !== undefined &&
      doubtAbout(replica, question) === '' &&
      mayConfirm(replica as Answering, question.master.synchronous),
  );
}

const mayBePromoted = ({ missingToPromote, obstacles }: ReplicaFacts): boolean =>
  missingToPromote.length === 0 && obstacles.length === 0;

/** Those that have everything which any of them has. */
function furthestOf(all: readonly Answering[], reached: Reached): Answering[] {
  return all.filter((one) => all.every((other) => reached(one.standing.received, other.standing.received)));
}

/** Who would be promoted, if anybody is: the others are asked whether they could follow it. */
export function favourite(question: PromotionQuestion): string | undefined {
  return furthestOf(vouching(question), question.reached).find(mayBePromoted)?.name;
}

/** How many replicas there are of which any may be the one that confirmed. */
function countConfirmers({ master: { synchronous }, replicas }: PromotionQuestion): number {
  if (synchronous.confirmers !== null) return synchronous.confirmers.length;
  const ours = replicas.filter(({ standing }) => standing?.confirmsAs !== '').length;
  // One that is no data source here may have been among those that were connected.
  return Math.max(ours, synchronous.connected ?? 0);
}

function doubts(question: PromotionQuestion): string {
  const texts = question.replicas.flatMap((replica) => {
    const doubt = doubtAbout(replica, question);
    return doubt === '' ? [] : [`${replica.name} ${doubt}.`.replace('..', '.')];
  });
  return texts.join(' ');
}

/** Why none of those that can vouch can be promoted. */
function whyNone(all: readonly Answering[], question: PromotionQuestion): string {
  const [first] = all;
  if (first === undefined) {
    return `No replica answers that may have confirmed the newest writes. ${doubts(question)}`.trim();
  }
  const [furthest] = furthestOf(all, question.reached);
  if (furthest === undefined) return 'Of the replicas that answer, none has everything that the others have.';
  const { name, obstacles, missingToPromote } = furthest;
  if (obstacles.length > 0) return `${name} has the most and cannot become the master: ${obstacles.join(' ')}`;
  return `We may not promote ${name}, ${runAs(missingToPromote)}`;
}

function twoAlike(all: readonly Answering[], { confirmers }: SynchronousMode): string {
  if (confirmers === null) return '';
  const alike = all.find(
    (one, at) => all.findIndex(({ standing }) => standing.confirmsAs === one.standing.confirmsAs) < at,
  );
  if (alike === undefined) return '';
  return `Several replicas call themselves ${alike.standing.confirmsAs}: which of them has confirmed cannot be told. Give each an application_name of its own.`;
}

/** A replica that is still fed is the proof of a master that lives. */
function stillFed({ replicas, master, isRehearsal }: PromotionQuestion): string {
  const fed = replicas.find(({ reading }) => reading?.role === 'replica' && reading.receiving);
  if (isRehearsal || fed === undefined) return '';
  return `${fed.name} still receives from a master: ${master.name} may live, and only we do not reach it.`;
}

/**
 * Enough of those that may have confirmed must answer, so that one of them has each acknowledged write; and they must be
 * ours to move, so that the old master can acknowledge nothing more when it comes back.
 */
function quorumRefusal(heir: Answering, all: readonly Answering[], question: PromotionQuestion): string {
  const count = countConfirmers(question);
  const needed = Math.max(1, count - question.master.synchronous.required + 1);
  const movable = all.filter((one) => one === heir || one.missingToRepoint.length === 0);
  if (movable.length >= needed) return '';
  const fixed = all.filter((one) => !movable.includes(one));
  const rights = fixed.map(({ name, missingToRepoint }) => `We may not re-point ${name}, ${runAs(missingToRepoint)}`);
  return [
    `${needed} of the ${count} replicas that may confirm commits must answer and be ours to move, so that none of them has`,
    `what ${heir.name} lacks; ${movable.length} ${movable.length === 1 ? 'does' : 'do'}.`,
    doubts(question),
    ...rights,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/**
 * Which replica may be promoted without losing anything that was acknowledged, by whomever. Pure
 * (docs/adr/0020-promotion-by-ourselves.md).
 */
export function choosePromotion(question: PromotionQuestion): PromotionChoice {
  const { master, canBringOver, reached, isRehearsal } = question;
  const all = vouching(question);
  const obstacle = stillFed(question) || twoAlike(all, master.synchronous);
  if (obstacle !== '') return { refusal: obstacle };
  const chosen = furthestOf(all, reached).find(mayBePromoted);
  if (chosen === undefined) return { refusal: whyNone(all, question) };
  const tooFew = quorumRefusal(chosen, all, question);
  if (tooFew !== '') return { refusal: tooFew };
  if (!isRehearsal && !canBringOver(chosen.standing.received)) {
    const what = 'lacks writes that were acknowledged here and are not kept any more';
    return { refusal: `${chosen.name} has the most of the replicas, and ${what}.` };
  }
  return {
    name: chosen.name,
    text: `${all.length} of the ${countConfirmers(question)} replicas that may confirm commits answer, and ${chosen.name} has everything that they have.`,
  };
}
