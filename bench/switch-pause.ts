import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchResult } from './result.ts';
import { postRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { type LoadReport, runLoad } from './support/load.ts';
import { summarise } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 8;
const BEFORE_MS = 1_000;
const AFTER_MS = 3_000;
const LONGEST_ACTION_MS = 15_000;
const RECYCLE_GOAL_MS = 50;
const SWITCH_GOAL_MS = 1_000;

interface Measured {
  readonly report: LoadReport;
  readonly actionMs: number;
}

/** How long nobody's post was acknowledged while the connections were recycled, and while the master moved. */
export async function switchPause(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const recycles: Measured[] = [];
    for (let round = 0; round < context.rounds; round++) {
      recycles.push(await underLoad(chat, async () => void (await chat.admin.send('/database/recycle'))));
    }
    const moves: Measured[] = [];
    for (let round = 0; round < context.rounds; round++) moves.push(await underLoad(chat, () => moveMaster(chat)));
    return [
      pauseResult('longest write pause, recycle', recycles, RECYCLE_GOAL_MS),
      pauseResult('longest write pause, master moved', moves, SWITCH_GOAL_MS),
    ];
  });
}

/** As an operator does it: stop and promote, write the new order, Reload, Recycle. */
async function moveMaster({ holdfast, admin }: Chat): Promise<void> {
  const { cluster } = holdfast;
  const [next] = cluster.replicas();
  if (next === undefined) throw new Error('The cluster has no replica.');
  const others = cluster.nodes.filter((node) => node !== next).map(({ name }) => name);
  await cluster.moveMaster(next.name);
  await holdfast.configureNodes(next.name, ...others);
  await admin.send('/config/reload');
  await admin.send('/database/recycle');
}

async function underLoad(chat: Chat, action: () => Promise<void>): Promise<Measured> {
  const load = runLoad({
    url: chat.holdfast.url,
    connections: CONNECTIONS,
    milliseconds: BEFORE_MS + LONGEST_ACTION_MS / 3 + AFTER_MS,
    requests: postRequests(chat, 'many'),
  });
  await sleep(BEFORE_MS);
  const start = performance.now();
  await action();
  const actionMs = performance.now() - start;
  if (actionMs > LONGEST_ACTION_MS) throw new Error(`It took ${Math.round(actionMs)} ms.`);
  return { report: await load, actionMs };
}

function pauseResult(name: string, measured: readonly Measured[], goalMs: number): BenchResult {
  const gaps = measured.map(({ report }) => report.longestGap);
  const refused = measured.reduce((sum, { report }) => sum + refusals(report), 0);
  const p99s = measured.map(({ report }) => report.p99);
  const pauses = summarise(gaps);
  const action = summarise(measured.map(({ actionMs }) => actionMs)).ratio;
  return {
    name,
    ...summarise(gaps.map((gap) => gap / goalMs)),
    goal: '<= 1.0',
    unit: `of ${goalMs} ms`,
    detail:
      `pause ${Math.round(pauses.ratio)} ms (max ${Math.round(pauses.spread[1])}), p99 of posts ${summarise(p99s).ratio.toFixed(1)} ms, ` +
      `${refused} requests told to try again, the operation took ${Math.round(action)} ms`,
  };
}

function refusals({ statuses }: LoadReport): number {
  return Object.entries(statuses).reduce((sum, [status, count]) => (status.startsWith('2') ? sum : sum + count), 0);
}
