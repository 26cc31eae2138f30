import type { Drill, Story } from '../drill.ts';
import type { DrillNode, Obstacle } from '../drill-cluster.ts';
import { until } from '../until.ts';

const WRITES = 200;
const CAUGHT_UP_SECONDS = 1;
/** How long writes may pause, as clients see it. At full length, where the machine does nothing else. */
const FULL = { longestMs: 1_000, medianMs: 300 };

const obstruct = ({ cluster }: Story, what: Obstacle): Promise<() => Promise<void>> => cluster.master().obstruct(what);

function nextOf({ cluster }: Story): DrillNode {
  const [next] = cluster.replicas();
  if (next === undefined) throw new Error('There is no replica.');
  return next;
}

/** A former master that is fenced becomes a replica again. */
async function rejoin(story: Story, former: DrillNode): Promise<void> {
  await former.rebuild();
  await story.whole();
  // A replica serves before it is as close as a new master must be.
  await until('every replica has caught up', async () => {
    const { sources } = await story.status();
    return sources.every(({ lag_seconds: lag }) => (lag ?? 0) < CAUGHT_UP_SECONDS);
  });
}

const switchover: Drill = {
  name: 'switchover',
  title:
    'The master role moves to the next database, 20 times (in short: twice); the former master is rebuilt each time.',
  notice: 'nothing',
  async run(story) {
    const holds: number[] = [];
    const pauses: number[] = [];
    for (let turn = 1; turn <= (story.full ? 20 : 2); turn++) {
      const former = story.cluster.master();
      const next = nextOf(story);
      const phase = `switch ${turn}`;
      await story.phase(phase, async () => {
        const { write_hold_ms: holdMs, writes_failed: failed } = await story.switchTo(next);
        if (failed !== 0) throw new Error(`${failed} held writes were refused.`);
        holds.push(holdMs ?? 0);
        await story.writes(WRITES);
      });
      pauses.push(story.writePause(phase));
      await story.phase(`rebuilt ${turn}`, () => rejoin(story, former));
    }
    const [held, paused] = [spread(holds), spread(pauses)];
    story.findings.push(
      `The server held writes for ${held.text}. Clients saw a pause of ${paused.text}.`,
      `Allowed at full length: ${FULL.medianMs} ms at the median, ${FULL.longestMs} ms at the most.`,
    );
    const isShort = paused.median <= FULL.medianMs && paused.longest <= FULL.longestMs;
    if (story.full && !isShort) throw new Error(`Clients saw a pause of ${paused.text}.`);
  },
};

function spread(times: readonly number[]): {
  readonly median: number;
  readonly longest: number;
  readonly text: string;
} {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, longest] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  return { median, longest, text: `${Math.round(median)} ms at the median and ${Math.round(longest)} ms at the most` };
}

/** Something in the way of one step. What it breaks, the returned call mends. */
interface StepFault {
  readonly step: string;
  readonly make: (story: Story) => Promise<() => Promise<void>>;
  readonly reason: RegExp;
}

const stepFaults: readonly StepFault[] = [
  {
    step: 'Check',
    async make(story) {
      const next = nextOf(story);
      await next.pauseReplay();
      return () => next.resumeReplay();
    },
    reason: /has its replay paused/,
  },
  {
    step: 'Prepare',
    make: (story) => obstruct(story, 'move'),
    reason: /Another server is moving the master/,
  },
  {
    step: 'Hold writes',
    make: (story) => obstruct(story, 'writes'),
    reason: /Writes in flight on .* did not end/,
  },
  {
    step: 'Fence',
    make: (story) => obstruct(story, 'fence'),
    reason: /Sessions of superusers keep transactions open|A write or a lock on tables does not end/,
  },
  { step: 'Catch up', make: (story) => nextOf(story).holdConflictingQuery(), reason: /did not catch up/ },
];

const switchoverFails: Drill = {
  name: 'switchover-fails',
  title: 'A switchover fails at each step before the promotion: everything is as it was, and the reason is told.',
  notice: 'nothing',
  async run(story) {
    const { generation } = await story.status();
    for (const { step, make, reason } of stepFaults) {
      await story.phase(`fails at ${step}`, async () => {
        const mend = await make(story);
        const refusal = await story.switchTo(nextOf(story)).then(
          () => 'It succeeded.',
          (error: Error) => error.message,
        );
        await mend();
        if (!reason.test(refusal)) throw new Error(`It should have failed with ${reason}: ${refusal}`);
        await story.mode('normal');
        await story.writes(WRITES);
        await story.whole();
      });
    }
    const after = await story.status();
    if (after.generation !== generation) throw new Error('A switchover that failed has made a new generation.');
  },
};

const twoAtOnce: Drill = {
  name: 'switchover-twice',
  title: 'Two admins switch over at once to two databases: one moves the master, the other is told to wait.',
  notice: 'nothing',
  async run(story) {
    const former = story.cluster.master();
    await story.phase('at once', async () => {
      const replicas = story.cluster.replicas();
      const outcomes = await Promise.allSettled(replicas.map((node) => story.switchTo(node)));
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
      if (refusals.length !== replicas.length - 1 || !/Another switchover is running/.test(refusals.join(' '))) {
        throw new Error(`One of them should have succeeded: ${refusals.join(' ')}`);
      }
      await story.writes(WRITES);
    });
    await story.phase('rebuilt', () => rejoin(story, former));
  },
};

/** Kills the server when a switchover has begun a step; the fence is held up, so that the server dies in it. */
async function killAt(story: Story, step: 'Fence' | 'Promote'): Promise<void> {
  const giveWay = step === 'Fence' ? await obstruct(story, 'fence') : undefined;
  const since = Date.now();
  const asked = story.switchTo(nextOf(story)).catch(() => undefined);
  // Without a pause in between: a promotion takes some ten milliseconds.
  while (!(await story.hasBegun(step, since)));
  story.server.kill();
  await asked;
  await giveWay?.();
  await story.server.restart();
  await story.cluster.look();
  await story.writes(WRITES);
}

const serverKilledMidSwitch: Drill = {
  name: 'server-killed-mid-switch',
  title: 'The server is killed in the middle of a switchover and started again: it undoes or completes it by itself.',
  notice: 'refusals',
  async run(story) {
    for (let turn = 1; turn <= (story.full ? 5 : 1); turn++) {
      const former = story.cluster.master();
      await story.phase(`fencing ${turn}`, async () => {
        await killAt(story, 'Fence');
        await story.whole();
      });
      if (story.cluster.master() !== former) throw new Error('Nobody was promoted, and the master is another one.');
      await story.phase(`promoting ${turn}`, async () => {
        await killAt(story, 'Promote');
        if (story.cluster.master() !== former) await former.rebuild();
        await story.whole();
      });
    }
  },
};

export const switchDrills: readonly Drill[] = [switchover, switchoverFails, twoAtOnce, serverKilledMidSwitch];
