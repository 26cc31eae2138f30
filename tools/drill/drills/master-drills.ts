import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill, Notice, Story } from '../drill.ts';
import type { DrillNode } from '../drill-cluster.ts';
import { holding } from './holding.ts';

interface MasterFault {
  readonly make: (node: DrillNode) => Promise<unknown> | void;
  readonly undo: (node: DrillNode) => Promise<unknown> | void;
  readonly notice?: Notice;
  /** The server cannot fail to see it: it must say that writes wait. */
  readonly seen?: boolean;
}

/** How long the fault lasts at least: less than a write may wait, so that waiting is enough. */
const SHORT_MS = 1_500;
const READS = 100;

function masterDrill(name: string, title: string, fault: MasterFault): Drill {
  return {
    name: `master-${name}`,
    title: `The master ${title}.`,
    notice: fault.notice ?? 'refused writes',
    run: (story) => tell(story, fault),
  };
}

async function tell(story: Story, { make, undo, seen = true }: MasterFault): Promise<void> {
  const master = story.cluster.master();
  await story.phase('fault', async () => {
    await make(master);
    if (seen) await story.notNormal();
    await sleep(SHORT_MS);
  });
  await story.phase('return', async () => {
    await undo(master);
    await story.mode('normal');
    await story.writes(READS);
    await story.whole();
  });
}

function diskDrill(what: 'data' | 'log'): Drill {
  return {
    name: `master-disk-${what}`,
    title: `The master has no room left for its ${what}.`,
    // It answers and refuses by turns: what no replica has yet may be refused with it.
    notice: what === 'data' ? 'refusals' : 'refused writes',
    whyNot: (cluster) => cluster.whyNoFullDisk(),
    async run(story) {
      const master = story.cluster.master();
      const disk = await master.useSmallDisk(what);
      await story.whole();
      // PostgreSQL dies of it; MariaDB lets a write that finds no room for its log wait, and goes on to answer everything else.
      await tell(story, { make: () => disk.fill(), undo: () => disk.free(), seen: what === 'log' });
      await disk.remove();
      await story.whole();
    },
  };
}

export const masterDrills: readonly Drill[] = [
  masterDrill('stop', 'is stopped and started', { make: (node) => node.stop(), undo: (node) => node.start() }),
  masterDrill('kill', 'is killed and started', { make: (node) => node.kill(), undo: (node) => node.start() }),
  masterDrill('session-kill', 'loses the process of one session', {
    make: (node) => node.killSession(),
    undo: (node) => node.start(),
    seen: false,
  }),
  masterDrill('freeze', 'freezes and thaws', { make: (node) => node.freeze(), undo: (node) => node.thaw() }),
  masterDrill('drop', 'is behind a network that drops everything', {
    make: (node) => node.network.drop(),
    undo: (node) => node.network.heal(),
  }),
  masterDrill('reset', 'is behind a network that resets every connection', {
    make: (node) => node.network.reset(),
    undo: (node) => node.network.heal(),
  }),
  masterDrill('slow', 'is behind a network that takes 100 ms each way', {
    make: (node) => node.network.slow(100),
    undo: (node) => node.network.heal(),
    notice: 'nothing',
    seen: false,
  }),
  diskDrill('data'),
  diskDrill('log'),
  masterDrill('connections', 'has no connection left', {
    ...holding((node) => node.useUpConnections()),
    seen: false,
  }),
  masterDrill('read-only', 'refuses writes for a while', {
    make: (node) => node.setReadOnly(true),
    undo: (node) => node.setReadOnly(false),
  }),
];
