import type { Drill, Story } from '../drill.ts';
import type { DrillNode } from '../drill-cluster.ts';
import { holding } from './holding.ts';

interface ReplicaFault {
  readonly make: (node: DrillNode, story: Story) => Promise<unknown> | void;
  readonly undo: (node: DrillNode, story: Story) => Promise<unknown> | void;
  /** Why the console says that the replica is out; undefined when it need not leave. */
  readonly cause?: RegExp;
  /** It does not refuse, it is silent: what was in flight towards it must end all the same. */
  readonly silent?: boolean;
  /** How many reads at full length; default as in short. */
  readonly readsAtFull?: number;
}

const UNREACHABLE = /cannot be reached|A statement failed/;
/** What it notices first: that it cannot keep what it receives, cannot apply it, or cannot serve a new session; or it waits for room in silence. */
const NO_ROOM = /Lag |does not answer|replication link is down|cannot be reached|No space left|A statement failed/;
const SILENT = /does not answer|A statement failed/;
const READS = 100;
/** So many are waited for at a time. */
const READS_AT_ONCE = 2_500;
/** A probe each second with a limit of 0.8 s finds a silent replica, and cuts what waits for it. The rest is for a busy machine. */
const SILENCE_LIMIT_MS = 10_000;

/** Not one request may fail of what happens to one replica. */
function replicaDrill(name: string, title: string, fault: ReplicaFault): Drill {
  return {
    name: `replica-${name}`,
    title: `A replica ${title}.`,
    notice: 'nothing',
    run: (story) => tell(story, fault),
  };
}

async function tell(story: Story, fault: ReplicaFault): Promise<void> {
  const { make, undo, cause, silent = false, readsAtFull = READS } = fault;
  const [node] = story.cluster.replicas();
  if (node === undefined) throw new Error('There is no replica.');
  await story.phase('fault', async () => {
    await make(node, story);
    if (cause !== undefined) await story.leaves(node, cause);
    const reads = story.full ? readsAtFull : READS;
    for (let left = reads; left > 0; left -= READS_AT_ONCE) await story.reads(Math.min(left, READS_AT_ONCE));
  });
  if (silent) story.boundReads('fault', SILENCE_LIMIT_MS);
  await story.phase('return', async () => {
    await undo(node, story);
    await story.returns(node);
  });
}

function diskDrill(what: 'data' | 'log'): Drill {
  return {
    name: `replica-disk-${what}`,
    title: `A replica has no room left for its ${what}.`,
    notice: 'nothing',
    whyNot: (cluster) => cluster.whyNoFullDisk(),
    async run(story) {
      const [node] = story.cluster.replicas();
      if (node === undefined) throw new Error('There is no replica.');
      const disk = await node.useSmallDisk(what);
      await story.returns(node);
      await tell(story, { make: () => disk.fill(), undo: () => disk.free(), cause: NO_ROOM });
      await disk.remove();
      await story.returns(node);
    },
  };
}

export const replicaDrills: readonly Drill[] = [
  replicaDrill('stop', 'is stopped and started', {
    make: (node) => node.stop(),
    undo: (node) => node.start(),
    cause: UNREACHABLE,
  }),
  replicaDrill('kill', 'is killed and started', {
    make: (node) => node.kill(),
    undo: (node) => node.start(),
    cause: UNREACHABLE,
  }),
  replicaDrill('session-kill', 'loses the process of one session', {
    make: (node) => node.killSession(),
    undo: (node) => node.start(),
  }),
  replicaDrill('freeze', 'freezes and thaws', {
    make: (node) => node.freeze(),
    undo: (node) => node.thaw(),
    cause: SILENT,
    silent: true,
  }),
  replicaDrill('drop', 'is behind a network that drops everything', {
    make: (node) => node.network.drop(),
    undo: (node) => node.network.heal(),
    cause: SILENT,
    silent: true,
  }),
  replicaDrill('reset', 'is behind a network that resets every connection', {
    make: (node) => node.network.reset(),
    undo: (node) => node.network.heal(),
    cause: UNREACHABLE,
  }),
  replicaDrill('slow', 'is behind a network that takes 200 ms each way', {
    make: (node) => node.network.slow(200),
    undo: (node) => node.network.heal(),
  }),
  diskDrill('data'),
  diskDrill('log'),
  replicaDrill('replay-pause', 'stops applying what it receives', {
    make: (node) => node.pauseReplay(),
    undo: (node) => node.resumeReplay(),
    cause: /Lag .* Replay is paused/,
  }),
  replicaDrill('link-cut', 'is cut off from the master', {
    make: (node) => node.cutReplication(),
    undo: (node) => node.restoreReplication(),
    cause: /does not receive changes/,
  }),
  replicaDrill('delayed', 'shows everything 2 s late, within its bound: nobody may see what is old', {
    make: (node) => node.delayReplay(2_000),
    undo: (node) => node.delayReplay(0),
    readsAtFull: 10_000,
  }),
  replicaDrill('slot-lost', 'comes back when the log that it needs is gone, and is rebuilt', {
    make: async (node) => {
      await node.kill();
      await node.loseSlot();
      await node.start();
    },
    undo: (node) => node.rebuild(),
    cause: /does not receive changes/,
  }),
  replicaDrill('conflict', 'is held up by a long query that conflicts with the master', {
    ...holding((node) => node.holdConflictingQuery()),
    cause: /Lag /,
  }),
  replicaDrill('connections', 'has no connection left', {
    ...holding((node) => node.useUpConnections()),
    cause: /too many (?:clients|connections)|remaining connection slots/i,
  }),
];
