import { masterServes, type Member, timelineTells, type Topology } from '../../topology/index.ts';

/** What was the case when the master came into doubt. */
export interface Lost {
  readonly since: number;
  /** Which run of the master it was; null when it was never told. */
  readonly instance: string | null;
  /** A replica that we told to become the master: the one to follow, whatever the former master says. */
  readonly expected?: string | undefined;
}

/** What to do about the master, as far as the last probes tell. */
export type Verdict =
  | { readonly kind: 'serves' }
  /** Some database was not asked yet since the master came into doubt. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'two-writable'; readonly reason: string }
  | { readonly kind: 'adopt'; readonly name: string };

const answers = (member: Member): boolean => member.badProbes === 0 && member.checkedAt > 0;
const isWritable = (member: Member): boolean => member.observed === 'master' && answers(member);

/** Whether a writable database has the master's history and left it, or is the very same server under another name. */
function isHeir(member: Member, topology: Topology): boolean {
  const { timeline, instance, clusterId } = member;
  const { master } = topology;
  if (clusterId === null || clusterId !== master.clusterId) return false;
  if (instance !== null && instance === master.instance) return true;
  if (!timelineTells(topology, member)) return false;
  // Engines without timelines tell by positions, which are compared when it is adopted.
  return timeline === null || master.timeline === null || timeline > master.timeline;
}

const listOf = (members: readonly Member[]): string =>
  members.map(({ name, timeline }) => (timeline === null ? name : `${name} (timeline ${timeline})`)).join(' and ');

function twoWritable(members: readonly Member[]): Verdict {
  const reason =
    `${listOf(members)} accept writes. Stop or fence all but the right one; ` +
    'it is then followed by itself, or put it first in DataSource, reload and recycle.';
  return { kind: 'two-writable', reason };
}

/** The master has restarted while another database was promoted: nobody here can tell which of them others write to. */
function cameBack(master: Member, lost: Lost | undefined): boolean {
  return lost !== undefined && lost.instance !== null && master.instance !== lost.instance;
}

function noHeir(topology: Topology): Verdict {
  const { master, members } = topology;
  const older = members.filter((member) => member !== master && isWritable(member));
  if (older.length === 0) return { kind: 'none', reason: 'No other database accepts writes.' };
  const reason = `${listOf(older)} accepts writes, but does not come from the history of the lost master.`;
  return { kind: 'none', reason };
}

/** We promoted it where nothing acknowledged could be lost, and nobody acknowledges anything on the former master since then. */
function decideExpected(expected: string, heirs: readonly Member[]): Verdict {
  if (heirs.length > 1) return twoWritable(heirs);
  const [heir] = heirs;
  if (heir?.name === expected) return { kind: 'adopt', name: expected };
  if (heir !== undefined) {
    const reason = `${heir.name} accepts writes, and ${expected} was told to become the master. Stop or fence one of them.`;
    return { kind: 'two-writable', reason };
  }
  return { kind: 'none', reason: `${expected} was told to become the master and does not accept writes yet.` };
}

/**
 * Decides from the members as they were probed last. Never chooses between two: exactly one writable database of the
 * master's cluster and of a later history is adopted, and only when every one was asked since the doubt began. A fenced
 * database is not writable, so it is in nobody's way (docs/adr/0013-one-writable-database.md).
 */
export function decide(topology: Topology, lost: Lost | undefined): Verdict {
  const { master, members } = topology;
  const heirs = members.filter((member) => member !== master && isWritable(member) && isHeir(member, topology));
  if (lost?.expected !== undefined) return decideExpected(lost.expected, heirs);
  if (masterServes(topology)) {
    return heirs.length > 0 && cameBack(master, lost) ? twoWritable([master, ...heirs]) : { kind: 'serves' };
  }
  if (lost === undefined || members.some((member) => member.checkedAt < lost.since)) return { kind: 'wait' };
  const [heir, second] = heirs;
  if (heir === undefined) return noHeir(topology);
  if (second !== undefined) return twoWritable(heirs);
  // It answers and accepts writes, only statements on it failed: its next probe decides.
  if (isWritable(master) && heir.instance !== master.instance) return { kind: 'wait' };
  return { kind: 'adopt', name: heir.name };
}
