import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseStatus } from '../contract/index.ts';
import type { BenchResult } from './result.ts';
import { postRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { type LoadReport, startLoad } from './support/load.ts';
import { summarise } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 8;
const BEFORE_MS = 1_000;
/** What an operation leaves behind is watched for as well. */
const AFTER_MS = 1_000;
const CONTROL_MS = 500;
const LONGEST_MS = 30_000;
const RECYCLE_GOAL_MS = 50;
const MOVE_GOAL_MS = 200;
const LONGEST_MOVE_GOAL_MS = 1_000;
const POLL_MS = 50;

interface Measured {
  readonly report: LoadReport;
  readonly actionMs: number;
}

/** How long nobody's post was acknowledged while the connections were recycled, and while the master moved. */
export async function switchPause(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const controls: Measured[] = [];
    const recycles: Measured[] = [];
    for (let round = 0; round < context.rounds; round++) {
      // What the machine does by itself in the same time: a pause is not shorter than that.
      controls.push(await underLoad(chat, () => sleep(CONTROL_MS)));
      recycles.push(await underLoad(chat, async () => void (await chat.admin.send('/database/recycle'))));
    }
    const moves: Measured[] = [];
    for (let round = 0; round < context.rounds; round++) {
      moves.push(await underLoad(chat, () => moveMaster(chat)));
      await makeReplicasAgain(chat);
    }
    const idle = `without any operation ${milliseconds(controls)}`;
    return [
      pauseResult('longest write pause, recycle', recycles, { goalMs: RECYCLE_GOAL_MS, more: idle }),
      pauseResult('longest write pause, master moved by hand', moves, { goalMs: MOVE_GOAL_MS, more: idle }),
      worstResult('the same, worst round', moves, LONGEST_MOVE_GOAL_MS),
    ];
  });
}

/** As an operator does it: promote a replica, write the new order, Reload, Recycle. The old master takes writes until then. */
async function moveMaster({ holdfast, admin }: Chat): Promise<void> {
  const { cluster } = holdfast;
  const [next] = cluster.replicas();
  if (next === undefined) throw new Error('The cluster has no replica.');
  const others = cluster.nodes.filter((node) => node !== next).map(({ name }) => name);
  await next.promote();
  await holdfast.configureNodes(next.name, ...others);
  await admin.send('/config/reload');
  await admin.send('/database/recycle');
}

/** The others follow the former master, which is none any more. */
async function makeReplicasAgain({ holdfast, admin }: Chat): Promise<void> {
  const { cluster } = holdfast;
  const master = cluster.master();
  for (const node of cluster.nodes) if (node !== master) await node.rebuild(master);
  await cluster.waitForReplicas();
  const isReady = async (): Promise<boolean> =>
    (await admin.get<DatabaseStatus>('/database/status')).sources.every(({ health }) => health === 'online');
  const deadline = performance.now() + LONGEST_MS;
  while (!(await isReady())) {
    if (performance.now() > deadline) throw new Error('The replicas did not come back.');
    await sleep(POLL_MS);
  }
}

async function underLoad(chat: Chat, action: () => Promise<void>): Promise<Measured> {
  const requests = postRequests(chat, 'many');
  const load = startLoad({
    url: chat.holdfast.url,
    connections: CONNECTIONS,
    milliseconds: LONGEST_MS,
    requests,
  });
  await sleep(BEFORE_MS);
  load.watch();
  const start = performance.now();
  await action();
  const actionMs = performance.now() - start;
  await sleep(AFTER_MS);
  load.rest();
  load.stop();
  return { report: await load.report, actionMs };
}

function pauseResult(
  name: string,
  measured: readonly Measured[],
  { goalMs, more }: { readonly goalMs: number; readonly more: string },
): BenchResult {
  const refused = measured.reduce((sum, { report }) => sum + refusals(report), 0);
  const p99 = summarise(measured.map(({ report }) => report.p99)).ratio;
  const action = summarise(measured.map(({ actionMs }) => actionMs)).ratio;
  return {
    name,
    ...summarise(measured.map(({ report }) => report.longestGap / goalMs)),
    goal: '<= 1.0',
    unit: `of ${goalMs} ms`,
    detail:
      `pause ${milliseconds(measured)}, ${more}; p99 of posts ${p99.toFixed(1)} ms, ` +
      `${refused} requests told to try again, the operation took ${Math.round(action)} ms`,
  };
}

function worstResult(name: string, measured: readonly Measured[], goalMs: number): BenchResult {
  const worst = Math.max(...measured.map(({ report }) => report.longestGap));
  const ratio = worst / goalMs;
  const detail = `${Math.round(worst)} ms in ${measured.length} rounds`;
  return { name, ratio, spread: [ratio, ratio], goal: '<= 1.0', unit: `of ${goalMs} ms`, detail };
}

/** `12 ms (max 30)` */
function milliseconds(measured: readonly Measured[]): string {
  const { ratio, spread } = summarise(measured.map(({ report }) => report.longestGap));
  return `${Math.round(ratio)} ms (max ${Math.round(spread[1])})`;
}

function refusals({ statuses }: LoadReport): number {
  return Object.entries(statuses).reduce((sum, [status, count]) => (status.startsWith('2') ? sum : sum + count), 0);
}
