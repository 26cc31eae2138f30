import { readFileSync } from 'node:fs';
import type { DatabaseStatus } from '../contract/index.ts';
import type { BenchResult } from './result.ts';
import { clientMix, type MixEndpoint, type MixGround, requestsOfClient } from './support/client-mix.ts';
import type { BenchContext } from './support/context.ts';
import { type LoadReport, type LoadRequest, successRate } from './support/load.ts';
import { compare } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { startBareServer } from './support/start-bare-server.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 50;
const FILL_POSTS = 70;
const SHOWN_USERS = 20;
const COUNTED_REQUESTS = 40;
const MEMORY_GOAL_MIB = 384;

/** What clients send all day, mixed: how much of it a second, how long each of it takes, what it asks of the databases. */
export async function api(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const grounds = groundsOf(chat);
    await fill(chat);
    const statements = new Map<string, number>();
    for (const endpoint of clientMix) statements.set(endpoint.name, await statementsOf(chat, endpoint, grounds));
    const { result, reports } = await measure(chat, interleaved(grounds), context);
    return [
      {
        name: 'client mix over HTTP',
        ratio: result.ratio,
        spread: result.spread,
        goal: '>= 0.15',
        unit: 'requests/s : bare node:http',
        detail: `${Math.round(median(result.ourRates))}/s on ${CONNECTIONS} connections, bare ${Math.round(median(result.theirRates))}/s`,
      },
      memoryOf(chat),
      ...clientMix.map((endpoint) => resultOf(endpoint, statements.get(endpoint.name) ?? Number.NaN, reports)),
    ];
  });
}

function groundsOf({ users, channelOf, hotChannel }: Chat): MixGround[] {
  const shownUserIds = users.slice(0, SHOWN_USERS).map(({ user }) => user.id);
  return users.map(({ token, user }, index) => ({
    userId: user.id,
    token,
    teamId: hotChannel.team_id,
    channelId: channelOf(index).id,
    shownUserIds,
  }));
}

/** More than a page in each channel. */
async function fill({ users, channelOf }: Chat): Promise<void> {
  for (let round = 0; round < FILL_POSTS; round++) {
    await Promise.all(users.map((user, index) => user.post(channelOf(index).id, `An old message ${round}`)));
  }
}

/** The clients' requests in turn, so that neighbours on the connections are at different places. */
function interleaved(grounds: readonly MixGround[]): LoadRequest[] {
  const lists = grounds.map(requestsOfClient);
  return lists.flatMap((list, client) => [...list.slice(client * 2), ...list.slice(0, client * 2)]);
}

/** Warm, one request after the other: what the databases' counters say that each has cost. */
async function statementsOf(chat: Chat, endpoint: MixEndpoint, grounds: readonly MixGround[]): Promise<number> {
  const requests = grounds.map((ground, index) => ({ ...endpoint.request(ground, index), token: ground.token }));
  const order = { url: chat.holdfast.url, connections: 1, milliseconds: 60_000, requests };
  await successRate({ ...order, answers: requests.length });
  const before = await queriesOf(chat);
  await successRate({ ...order, answers: COUNTED_REQUESTS });
  return ((await queriesOf(chat)) - before) / COUNTED_REQUESTS;
}

async function queriesOf({ admin }: Chat): Promise<number> {
  const { sources } = await admin.get<DatabaseStatus>('/database/status');
  return sources.reduce((sum, source) => sum + source.queries_total, 0);
}

async function measure({ holdfast }: Chat, requests: LoadRequest[], { rounds, roundMs }: BenchContext) {
  const bare = await startBareServer(JSON.stringify({ status: 'OK' }));
  const reports: LoadReport[] = [];
  const load = { connections: CONNECTIONS, milliseconds: roundMs, requests };
  try {
    const result = await compare(
      async () => {
        const report = await successRate({ ...load, url: holdfast.url });
        reports.push(report);
        return report.rate;
      },
      async () => (await successRate({ ...load, url: bare.url })).rate,
      rounds,
    );
    // The first round warms up.
    return { result, reports: reports.slice(1) };
  } finally {
    bare.stop();
  }
}

function memoryOf({ holdfast }: Chat): BenchResult {
  const pages = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${holdfast.pid}/status`, 'utf8'))?.[1]);
  const used = pages / 1024;
  const ratio = used / MEMORY_GOAL_MIB;
  return {
    name: 'client mix, memory after it',
    ratio,
    spread: [ratio, ratio],
    goal: '<= 1.0',
    unit: `of ${MEMORY_GOAL_MIB} MiB resident`,
    detail: `${Math.round(used)} MiB resident`,
  };
}

function resultOf({ name, statements }: MixEndpoint, counted: number, reports: readonly LoadReport[]): BenchResult {
  const figures = reports.flatMap(({ byName }) => byName[name] ?? []);
  const [p50, p99] = [median(figures.map((one) => one.p50)), median(figures.map((one) => one.p99))];
  return {
    name: `client mix, ${name}`,
    ratio: counted,
    spread: [counted, counted],
    // Beside a request the server writes down now and then who was there.
    goal: `<= ${(statements + 0.1).toFixed(1)}`,
    unit: 'statements per request',
    detail: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms in the mix`,
  };
}
