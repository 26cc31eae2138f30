import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill, Story } from '../drill.ts';
import type { DrillNode } from '../drill-cluster.ts';
import { until } from '../until.ts';

const READS = 200;

/** The master, one replica that may become the next, and the rest. */
function cast({ cluster }: Story): { master: DrillNode; next: DrillNode; others: DrillNode[] } {
  const [next, ...others] = cluster.replicas();
  if (next === undefined) throw new Error('There is no replica.');
  return { master: cluster.master(), next, others };
}

/** After the move: all but the master are made its replicas anew. */
async function rebuildOthers(story: Story): Promise<void> {
  await Promise.all(story.cluster.nodes.map((node) => node.network.heal()));
  for (const node of story.cluster.replicas()) await node.rebuild();
  await story.whole();
}

/** Sees that a database which accepts writes of its own is kept out: the console says so, and no write goes there. */
async function isKeptOut(story: Story, node: DrillNode): Promise<void> {
  await story.leaves(node, /accepts writes of its own/);
  const before = (await story.source(node)).writes_total;
  await story.writes(READS);
  const { writes_total: after } = await story.source(node);
  if (after !== before) throw new Error(`${after - before} writes went to ${node.name}, which is not the master.`);
}

const allReplicasGone: Drill = {
  name: 'all-replicas-gone',
  title: 'All replicas are killed: the master serves alone.',
  notice: 'nothing',
  async run(story) {
    const replicas = story.cluster.replicas();
    await story.phase('gone', async () => {
      await Promise.all(replicas.map((node) => node.kill()));
      for (const node of replicas) await story.leaves(node, /cannot be reached/);
      await story.reads(READS);
    });
    await story.phase('return', async () => {
      await Promise.all(replicas.map((node) => node.start()));
      await story.whole();
    });
  },
};

const masterGoneForAWhile: Drill = {
  name: 'master-gone',
  title:
    'The master is gone for 30 s (in short: until read-only mode) and comes back: what was written meanwhile arrives once.',
  notice: 'refused writes',
  async run(story) {
    const { master } = cast(story);
    await story.phase('gone', async () => {
      await master.kill();
      await story.mode('read-only');
      await sleep(story.full ? 30_000 : 1_000);
    });
    await story.phase('return', async () => {
      await master.start();
      await story.writes(READS);
      await story.whole();
    });
  },
};

const masterGoneForGood: Drill = {
  name: 'master-lost',
  title: 'The master dies, a replica is promoted and configured; the old master comes back and is kept out.',
  notice: 'refused writes',
  async run(story) {
    const { master, next, others } = cast(story);
    await story.phase('lost', async () => {
      await master.kill();
      await next.promote();
      await story.recycleTo([next, master, ...others]);
      await story.writes(READS);
    });
    await story.phase('the old master is back', async () => {
      await master.start();
      await isKeptOut(story, master);
    });
    await story.phase('rebuilt', () => rebuildOthers(story));
  },
};

const twoMasters: Drill = {
  name: 'two-masters',
  title: 'A replica is promoted while the master lives: writes stay with the master until a recycle moves them.',
  notice: 'nothing',
  async run(story) {
    const { master, next, others } = cast(story);
    await story.phase('two masters', async () => {
      await next.promote();
      await isKeptOut(story, next);
    });
    await story.phase('moved', async () => {
      const { writes_failed: failed } = await story.recycleTo([next, master, ...others]);
      if (failed !== 0) throw new Error(`${failed} held writes were refused.`);
      await isKeptOut(story, master);
    });
    await story.phase('rebuilt', () => rebuildOthers(story));
  },
};

const recycleLoop: Drill = {
  name: 'recycle-loop',
  title: 'Reload and recycle in a loop for 2 minutes (in short: 8 s), with other pools each time.',
  notice: 'nothing',
  async run(story) {
    const { master, next, others } = cast(story);
    const nodes = [master, next, ...others];
    const before = (await story.status()).generation;
    let turns = 0;
    await story.phase(
      'loop',
      async () => {
        for (const end = Date.now() + (story.full ? 120_000 : 8_000); Date.now() < end; turns++) {
          await story.recycleTo(nodes, { MaxOpenConns: 8 + (turns % 2) });
        }
      },
      180_000,
    );
    await until('every turn has its generation', async () => (await story.status()).generation === before + turns);
    await story.recycleTo(nodes);
    await story.whole();
  },
};

const serverKilled: Drill = {
  name: 'server-killed',
  title: 'The server is killed under load and started again: every message of the outboxes arrives once.',
  notice: 'refusals',
  async run(story) {
    await story.phase('killed', async () => {
      story.server.kill();
      await story.server.restart();
    });
    await story.phase('back', async () => {
      await story.writes(READS);
      await story.whole();
    });
  },
};

export const systemDrills: readonly Drill[] = [
  allReplicasGone,
  masterGoneForAWhile,
  masterGoneForGood,
  twoMasters,
  recycleLoop,
  serverKilled,
];
