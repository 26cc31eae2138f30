import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, type Notice, type PhaseTime, Story } from './drill.ts';
import { compareLedger, type LedgerVerdict } from './ledger.ts';
import { type Measured, Measures } from './measures.ts';
import { Person, type Sights } from './person.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const SETTLE_LIMIT_MS = 60_000;
/** The reads of the fault are compared with those of this phase. */
const BEFORE = 'before';
const READS_BEFORE = 150;

/** How a drill ended. */
export interface DrillResult {
  readonly name: string;
  readonly title: string;
  readonly notice: Notice;
  /** What was wrong; empty when the drill passed. */
  readonly problems: readonly string[];
  readonly phases: readonly (PhaseTime & { readonly reads: Measured; readonly writes: Measured })[];
  readonly ledger: LedgerVerdict & { readonly acknowledged: number };
  readonly sights: Sights & { readonly missedEvents: number };
  /** Answers that lacked what their user had written or been told of. */
  readonly staleReads: number;
  readonly longestPauseMs: number;
  readonly failedReads: number;
  readonly failedWrites: number;
  /** What clients were told, with how often. */
  readonly failures: readonly string[];
  /** What the drill measured besides, in sentences. */
  readonly findings: readonly string[];
}

/** Runs one drill in a world that is whole. Never throws: what goes wrong is a problem of the result. */
export async function runDrill(drill: Drill, world: World, full: boolean): Promise<DrillResult> {
  const measures = new Measures();
  const story = new Story(world, measures, full);
  const { url } = world.server;
  const people = world.people.map(({ client, channelId }) => new Person(client, channelId, { url, measures }));
  const problems: string[] = [];
  const note = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) => problems.push(error instanceof Error ? error.message : String(error)));
  };
  const since = Date.now();
  measures.begin(BEFORE);
  await note(Promise.all(people.map((person) => person.connected())));
  for (const person of people) person.start();
  await note(story.phase(BEFORE, () => story.reads(READS_BEFORE)));
  if (problems.length === 0) await note(drill.run(story));
  if (problems.length === 0) await note(story.phase('after', () => story.reads(READS_BEFORE)));
  if (problems.length === 0) await note(story.whole());
  if (problems.length > 0) await note(world.cluster.heal());
  const stopping = Promise.all(people.map((person) => person.stop()));
  await note(Promise.race([stopping, sleep(SETTLE_LIMIT_MS).then(() => Promise.reject(new Error('The load hangs.')))]));
  const longestPauseMs = measures.longestPauseMs;
  const acknowledged = people.flatMap((person) => person.acknowledged);
  const missedEvents = await countMissedEvents(people);
  for (const person of people) person.leave();
  const ledger = { acknowledged: acknowledged.length, lost: 0, doubled: 0, disordered: 0 };
  await note(
    world.cluster.readPosts(world.channelIds, since).then((stored) => {
      Object.assign(ledger, compareLedger(acknowledged, stored));
    }),
  );
  const result: DrillResult = {
    name: drill.name,
    title: drill.title,
    notice: drill.notice,
    problems,
    phases: story.phases.map((phase) => ({
      ...phase,
      reads: measures.of(phase.name, 'read'),
      writes: measures.of(phase.name, 'write'),
    })),
    ledger,
    sights: { ...sum(people.map(({ sights }) => sights)), missedEvents },
    staleReads: measures.staleReads,
    longestPauseMs,
    failedReads: measures.failures('read') + measures.failures('event read'),
    failedWrites: measures.failures('write'),
    failures: measures.failureTexts(),
    findings: story.findings,
  };
  return { ...result, problems: [...problems, ...brokenPromises(result)] };
}

/** What no drill may bring about, and what this one said it would not. */
export function brokenPromises({
  notice,
  ledger,
  sights,
  staleReads,
  failedReads,
  failedWrites,
}: DrillResult): string[] {
  const counts: [number, string][] = [
    [ledger.lost, 'acknowledged messages are lost'],
    [ledger.doubled, 'messages are doubled'],
    [ledger.disordered, 'messages are out of order'],
    [notice === 'nothing' ? staleReads : 0, 'reads did not show what their user knew of'],
    [sights.doubledEvents, 'events came twice'],
    [sights.disorderedEvents, 'events came out of order'],
    [sights.missedEvents, 'events never came'],
    [notice === 'refusals' ? 0 : failedReads, 'reads failed'],
    [notice === 'nothing' ? failedWrites : 0, 'writes failed'],
  ];
  const broken = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`);
  return ledger.acknowledged === 0 ? [...broken, 'Nothing was acknowledged at all.'] : broken;
}

/** Acknowledged messages of which a member of the channel was never told, among those whose socket never broke. */
async function countMissedEvents(people: readonly Person[]): Promise<number> {
  const faithful = people.filter((person) => !person.socketBroke);
  const missed = (): number =>
    faithful.reduce((total, person) => {
      const told = people.filter(({ channelId }) => channelId === person.channelId).flatMap((one) => one.acknowledged);
      return total + told.filter(({ postId }) => !person.hasHeardOf(postId)).length;
    }, 0);
  await until('every event arrives', () => missed() === 0, 3_000).catch(() => undefined);
  return missed();
}

function sum(all: readonly Sights[]): Sights {
  const total = (pick: (sights: Sights) => number): number => all.reduce((so, sights) => so + pick(sights), 0);
  return {
    doubledEvents: total((sights) => sights.doubledEvents),
    disorderedEvents: total((sights) => sights.disorderedEvents),
  };
}
