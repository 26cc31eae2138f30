import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type Broadcast,
  type DatabaseMode,
  type DatabaseStatus,
  type EventData,
  socketPath,
  webSocketPath,
} from '../contract/index.ts';
import { silentLogger } from '../server/observability/index.ts';
import { createHub, createMattermostTransport, createSocketIoTransport, type Hub } from '../server/realtime/index.ts';
import { defaultGrants, newId } from '../server/services/index.ts';
import type { BenchResult } from './result.ts';
import type { BenchContext } from './support/context.ts';
import { compare } from './support/rounds.ts';
import { median } from './support/statistics.ts';

const sockets = 1_000;
const broadcastsPerRound = 120;
/** Posts that one commit of the write combiner brings under load. */
const batch = 8;
const idleGoalKib = 16;
const firstSockets = 300;
const channelId = newId();
const normal: DatabaseMode = { mode: 'normal', reason: '', since: 0 };

/** About 300 bytes on the wire, as a short post is. */
const posted: EventData<'posted'> = {
  post: JSON.stringify({ id: newId(), channel_id: channelId, user_id: newId(), message: 'Good morning, everybody!' }),
  channel_type: 'O',
  channel_display_name: 'Town Square',
  channel_name: 'town-square',
  sender_name: '@ann',
  team_id: newId(),
  set_online: true,
};

/** What the hub prints too, so that both arms send the same text. */
const toChannel: Broadcast = {
  omit_users: null,
  user_id: '',
  channel_id: channelId,
  team_id: '',
  connection_id: '',
  omit_connection_id: '',
};

/** A server with its sockets, and how it sends one event to all of them. */
interface Arm {
  readonly name: string;
  readonly url: string;
  /** What a client says after opening: socket.io's CONNECT. */
  readonly greeting?: string;
  readonly clients: ChildProcess;
  send(): void;
  stop(): void;
}

/** A way to the hub, and what a client of the benchmark needs to know of it. */
interface Way {
  readonly name: string;
  readonly create: typeof createSocketIoTransport;
  readonly path: string;
  readonly greeting?: string;
}

const ways: readonly Way[] = [
  {
    name: 'socket.io',
    create: createSocketIoTransport,
    path: `${socketPath}/?EIO=4&transport=websocket`,
    greeting: '40',
  },
  { name: 'websocket', create: createMattermostTransport, path: webSocketPath },
];

/**
 * Broadcast of posts to 1,000 sockets: the hub over each of its transports against the plainest thing that `ws` can do,
 * a loop of `send` with a string printed once. Same process, same clients. Once with a post per turn of the event loop,
 * once with the posts of a whole commit in one turn.
 */
export async function broadcast(context: BenchContext): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const way of ways) results.push(...(await speedOf(way, context)), await idleMemory(way));
  return results;
}

async function speedOf(way: Way, { rounds }: BenchContext): Promise<BenchResult[]> {
  const bare = await bareWs();
  const ours = await holdfast(way);
  try {
    for (const { clients, url, greeting } of [bare, ours]) await tell(clients, { open: url, count: sockets, greeting });
    const results: BenchResult[] = [];
    for (const perTurn of [1, batch]) {
      const micros = { ours: [] as number[], bare: [] as number[] };
      const { ratio, spread, ourRates } = await compare(
        () => round(ours, perTurn, micros.ours),
        () => round(bare, perTurn, micros.bare),
        rounds,
      );
      results.push({
        name: `broadcast to ${sockets} sockets, ${way.name}, ${perTurn === 1 ? 'single posts' : `batches of ${perTurn} posts`}`,
        ratio,
        spread,
        unit: 'deliveries/s : bare ws',
        goal: '>= 1.0',
        detail: `${Math.round(median(ourRates))}/s; CPU of the server per delivery ${median(micros.ours).toFixed(1)} us, bare ws ${median(micros.bare).toFixed(1)} us`,
      });
    }
    return results;
  } finally {
    bare.stop();
    ours.stop();
  }
}

/** What a socket costs that says nothing: heap and buffers of the process after a collection, per socket. */
async function idleMemory(way: Way): Promise<BenchResult> {
  const arm = await holdfast(way);
  try {
    // The first sockets bring in code and tables that later ones share.
    await tell(arm.clients, { open: arm.url, count: firstSockets, greeting: arm.greeting });
    const before = liveBytes();
    await tell(arm.clients, { open: arm.url, count: firstSockets + sockets, greeting: arm.greeting });
    const kib = (liveBytes() - before) / sockets / 1_024;
    return {
      name: `memory per idle socket, ${way.name}`,
      ratio: kib / idleGoalKib,
      spread: [kib / idleGoalKib, kib / idleGoalKib],
      unit: `of ${idleGoalKib} KiB`,
      goal: '<= 1.0',
      detail: `${kib.toFixed(1)} KiB of heap and buffers in the server's process`,
    };
  } finally {
    arm.stop();
  }
}

function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Deliveries per second of one round; the server's CPU time per delivery goes into `micros`. */
async function round(arm: Arm, perTurn: number, micros: number[]): Promise<number> {
  const deliveries = sockets * broadcastsPerRound;
  await tell(arm.clients, { expect: deliveries });
  const received = once(arm.clients, 'message');
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < broadcastsPerRound; i += 1) {
    arm.send();
    if (i % perTurn === 0) await nextTurn();
  }
  await received;
  const seconds = (performance.now() - startedAt) / 1_000;
  const used = process.cpuUsage(cpu);
  micros.push((used.user + used.system) / deliveries);
  return deliveries / seconds;
}

async function bareWs(): Promise<Arm> {
  const server = await listen(createServer());
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  const open = new Set<WebSocket>();
  wss.on('connection', (socket) => open.add(socket));
  let seq = 0;
  return arm('bare ws', server, {
    url: `ws://127.0.0.1:${portOf(server)}`,
    send() {
      seq += 1;
      const text = JSON.stringify({ event: 'posted', data: posted, broadcast: toChannel, seq });
      for (const socket of open) socket.send(text);
    },
  });
}

async function holdfast({ create, path, greeting }: Way): Promise<Arm> {
  const server = createServer();
  const hub = idleHub();
  const transport = create({
    hub,
    actions: async () => ({ status: 'OK' }),
    refusal: (error, requestId) => ({
      id: 'bench',
      message: String(error),
      detailed_error: '',
      request_id: requestId,
      status_code: 500,
    }),
    originRules: () => ({ siteUrl: '', allowCorsFrom: '' }),
    sessions: {
      grants: () => defaultGrants,
      authenticate: (token) => ({ id: token, userId: token, roles: [], csrf: '', expiresAt: 0 }),
    },
    causality: { of: () => ({ token: undefined, raise: () => {} }) },
    now: Date.now,
    logger: silentLogger,
  });
  transport.attach(server);
  await listen(server);
  return arm('holdfast', server, {
    url: `ws://127.0.0.1:${portOf(server)}${path}`,
    ...(greeting !== undefined && { greeting }),
    send: () => hub.publish({ event: 'posted', data: posted, to: { channel_id: channelId }, token: undefined }),
  });
}

function idleHub(): Hub {
  return createHub({
    memberships: async () => ({ teamIds: [], channels: [{ id: channelId, teamId: '' }] }),
    presence: { connected: () => {}, disconnected: () => {}, observe: () => {} },
    databaseMode: { current: () => normal, subscribe: () => () => {} },
    databaseStatus: () => ({}) as DatabaseStatus,
    serverVersion: () => 'bench',
    newId,
    now: Date.now,
    logger: silentLogger,
  });
}

function arm(name: string, server: Server, parts: Pick<Arm, 'url' | 'greeting' | 'send'>): Arm {
  const clients = fork(new URL('./broadcast-clients.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const stop = () => {
    clients.kill();
    server.close();
    server.closeAllConnections();
  };
  return { name, clients, stop, ...parts };
}

async function tell(clients: ChildProcess, order: object): Promise<void> {
  clients.send(order);
  await once(clients, 'message');
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
