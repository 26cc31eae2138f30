import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { BenchResult } from './result.ts';
import { statusRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { successRate } from './support/load.ts';
import { compare } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { withChat } from './support/with-chat.ts';

const CONNECTIONS = 50;

/** An authenticated GET that needs no database, against node's own server giving the same bytes to everybody. */
export async function cheapGet(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const requests = statusRequests(chat);
    const sample = await chat.users[0]?.get<object>(requests[0]?.path.replace('/api/v4', '') ?? '');
    const bare = await startBareServer(JSON.stringify(sample));
    const load = { connections: CONNECTIONS, milliseconds: context.roundMs, requests };
    try {
      const result = await compare(
        async () => (await successRate({ ...load, url: chat.holdfast.url })).rate,
        async () => (await successRate({ ...load, url: bare.url })).rate,
        context.rounds,
      );
      return [
        {
          name: 'cheap authenticated GET',
          ratio: result.ratio,
          spread: result.spread,
          goal: '>= 0.4',
          unit: 'requests/s : bare node:http',
          detail: `${Math.round(median(result.ourRates))}/s, bare ${Math.round(median(result.theirRates))}/s`,
        },
      ];
    } finally {
      bare.stop();
    }
  });
}

/** In a process of its own, as the measured server is. */
async function startBareServer(body: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = fork(new URL('./support/bare-server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  child.send(body);
  const [url] = (await once(child, 'message')) as [string];
  return { url, stop: () => void child.kill() };
}
