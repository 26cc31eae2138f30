import type { ProbeReading } from '../../dialect/dialect.ts';
import type { MasterMark } from './epoch.ts';

/** A data source as it was found at the start of the server. */
export interface Candidate {
  readonly name: string;
  /** Undefined when it could not be reached. */
  readonly reading: ProbeReading | undefined;
  /** It could not be reached because it or the network is down, and not for a mistake in the file. */
  readonly isDown: boolean;
  /** Why it cannot be the master; empty when it can. */
  readonly fault: string;
  /** The newest epoch that it holds; null when it has none or was not asked. */
  readonly epoch: number | null;
}

export interface ChoiceContext {
  /** What this server knew when it ran last. */
  readonly mark: MasterMark | undefined;
  /** Setting `FollowPromotion`. */
  readonly follow: boolean;
}

export type Choice = { readonly master: string } | { readonly refusal: string };

interface Read extends Candidate {
  readonly reading: ProbeReading;
}

const show = ({ name, reading: { timeline } }: Read): string =>
  timeline === null ? name : `${name} (timeline ${timeline})`;

function isLater(reading: ProbeReading, than: ProbeReading): boolean {
  if (reading.instance === than.instance) return false;
  return reading.timeline === null || than.timeline === null || reading.timeline > than.timeline;
}

/** Whether the configured master, which accepts no writes, speaks against it. */
function mayFollow(heir: ProbeReading, first: ProbeReading | undefined): boolean {
  if (first === undefined || isLater(heir, first)) return true;
  return first.role === 'replica' && heir.timeline === first.timeline;
}

/** Somebody has worked with it as the master after `other` was one. */
const hasTakenOver = (one: Candidate, other: Candidate): boolean =>
  one.epoch !== null && one.epoch > (other.epoch ?? 0);

/** A mark of another cluster says nothing about this one. */
function markFor(clusterId: string | undefined, { mark }: ChoiceContext): MasterMark | undefined {
  return clusterId === undefined || mark?.clusterId === clusterId ? mark : undefined;
}

/** Whether a writable database may be the one that took over: not older than what was known, and not a stranger of the same age. */
function isHeir({ name, reading }: Read, mark: MasterMark | undefined): boolean {
  if (mark === undefined) return true;
  if (reading.clusterId !== mark.clusterId) return false;
  if (reading.timeline === null || mark.timeline === null || reading.timeline > mark.timeline) return true;
  return reading.timeline === mark.timeline && name === mark.master;
}

/**
 * Which data source a starting server may write to. `candidates` are in the order of the configuration, the first is
 * its master. Never chooses between two writable databases without evidence that one of them was left behind.
 */
export function chooseMaster(candidates: readonly [Candidate, ...Candidate[]], context: ChoiceContext): Choice {
  const [first, ...others] = candidates;
  const read = others.filter((one): one is Read => one.reading !== undefined);
  const clusters = new Set(read.map(({ reading }) => reading.clusterId));
  const cluster = first.reading?.clusterId ?? context.mark?.clusterId ?? (clusters.size === 1 ? [...clusters][0] : '');
  const writable = read.filter(({ reading }) => reading.role === 'master' && reading.clusterId === cluster);
  const mark = markFor(cluster, context);
  if (first.fault === '' && first.reading !== undefined) {
    return chooseBeside({ ...first, reading: first.reading }, writable, { ...context, mark });
  }
  // A wrong password is a mistake in the file, and following somebody else would hide it.
  if (first.reading === undefined && !first.isDown) return { refusal: `Master ${first.name}: ${first.fault}` };
  const heirs = writable.filter((one) => isHeir(one, mark) && mayFollow(one.reading, first.reading));
  return chooseHeir(first, heirs, context.follow, first.fault);
}

/** The configured master accepts writes: is it the present one? */
function chooseBeside(first: Read, writable: readonly Read[], { mark, follow }: ChoiceContext): Choice {
  const later = writable.filter(({ reading }) => isLater(reading, first.reading));
  const { timeline } = first.reading;
  const isOlder = timeline !== null && mark !== undefined && mark.timeline !== null && timeline < mark.timeline;
  const isFormer = isOlder || later.some((one) => hasTakenOver(one, first));
  if (isFormer) {
    const heirs = later.filter((one) => isHeir(one, mark));
    const known = isOlder ? `, ${mark.master} was the master on timeline ${mark.timeline}` : '';
    return chooseHeir(
      first,
      heirs,
      follow,
      `It accepts writes on timeline ${timeline}${known}: it is a former master that came back.`,
    );
  }
  if (later.length === 0) return { master: first.name };
  return {
    refusal:
      `${[first, ...later].map(show).join(' and ')} accept writes, and nothing tells which of them is the master. ` +
      'Stop or fence all but the right one and put it first in DataSource, then start again.',
  };
}

function chooseHeir(first: Candidate, heirs: readonly Read[], follow: boolean, fault: string): Choice {
  const [heir, second] = heirs;
  if (heir === undefined) return { refusal: `Master ${first.name}: ${fault}` };
  if (second !== undefined) {
    return {
      refusal:
        `Master ${first.name}: ${fault} ${heirs.map(show).join(' and ')} accept writes. ` +
        'Put the right one first in DataSource and stop the other, then start again.',
    };
  }
  if (follow) return { master: heir.name };
  return {
    refusal:
      `Master ${first.name}: ${fault} ${show(heir)} accepts writes: put it first in DataSource, ` +
      'or set FollowPromotion to true, then start again.',
  };
}
