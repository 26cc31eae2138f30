import { once } from 'node:events';
import { WebSocket } from 'ws';
import { socketPath } from '../contract/index.ts';
import type { BenchResult } from './result.ts';
import { statusRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { cpuTimeOf } from './support/cpu-time.ts';
import { successRate } from './support/load.ts';
import { compare } from './support/rounds.ts';
import { startBareServer } from './support/start-bare-server.ts';
import { median, summarise } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 50;
/** As engine.io and socket.io write them. */
const ENGINE_PING = '2';
const ENGINE_PONG = '3';
const CONNECT = '40';

/**
 * An authenticated GET that needs no database, against node's own server giving the same bytes to everybody. By rate, and
 * by the server's CPU time per request: the client runs on the same cores and takes as much of them as the bare server.
 */
export async function cheapGet(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const { url, pid } = chat.holdfast;
    const requests = statusRequests(chat);
    const sockets = await connectAll(chat);
    const sample = await chat.users[0]?.get<object>(requests[0]?.path.replace('/api/v4', '') ?? '');
    const bare = await startBareServer(JSON.stringify(sample));
    const measure = async (server: { readonly url: string; readonly pid: number }, micros: number[]) => {
      const before = cpuTimeOf(server.pid);
      const order = { url: server.url, connections: CONNECTIONS, milliseconds: context.roundMs, requests };
      const { rate, answers } = await successRate(order);
      micros.push(((cpuTimeOf(server.pid) - before) * 1_000) / answers);
      return rate;
    };
    const micros = { ours: [] as number[], bare: [] as number[] };
    try {
      const result = await compare(
        () => measure({ url, pid }, micros.ours),
        () => measure(bare, micros.bare),
        context.rounds,
      );
      const byCpu = micros.ours.map((ours, index) => (micros.bare[index] ?? Number.NaN) / ours).slice(1);
      return [
        {
          name: 'cheap authenticated GET',
          ratio: result.ratio,
          spread: result.spread,
          goal: '>= 0.4',
          unit: 'requests/s : bare node:http',
          detail: `${Math.round(median(result.ourRates))}/s, bare ${Math.round(median(result.theirRates))}/s`,
        },
        {
          name: 'cheap authenticated GET, by CPU time',
          ...summarise(byCpu),
          goal: '>= 0.4',
          unit: 'bare node:http : ours, per request',
          detail: `${median(micros.ours).toFixed(0)} us, bare ${median(micros.bare).toFixed(0)} us`,
        },
      ];
    } finally {
      for (const socket of sockets) socket.terminate();
      bare.stop();
    }
  });
}

/** The status of people who are there is in memory; that of others is read from a replica. */
async function connectAll({ holdfast, users }: Chat): Promise<WebSocket[]> {
  const url = `${holdfast.url.replace('http', 'ws')}${socketPath}/?EIO=4&transport=websocket`;
  const sockets = users.map(({ token }) => new WebSocket(url, { headers: { authorization: `Bearer ${token}` } }));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  for (const socket of sockets) {
    socket.on('message', (data: Buffer) => void (String(data) === ENGINE_PING && socket.send(ENGINE_PONG)));
    socket.send(CONNECT);
  }
  // Who is there is told in the answer.
  await Promise.all(sockets.map((socket) => once(socket, 'message')));
  return sockets;
}
