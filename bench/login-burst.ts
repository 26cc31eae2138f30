import { account, ApiClient } from '../tools/holdfast/index.ts';
import type { BenchResult } from './result.ts';
import { statusRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { successRate } from './support/load.ts';
import { summarise } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const LOGINS = 50;
const GOAL_MS = 50;
/** Few enough to leave a core to the logins: it is the waiting that is measured, not the rate. */
const OTHER_CONNECTIONS = 2;

/** Fifty people sign in at the same moment: how long do the others wait meanwhile? */
export async function loginBurst(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const p99s: number[] = [];
    const bursts: number[] = [];
    for (let round = 0; round < context.rounds; round++) {
      const others = successRate({
        url: chat.holdfast.url,
        connections: OTHER_CONNECTIONS,
        milliseconds: 2_000,
        requests: statusRequests(chat),
      });
      bursts.push(await burst(chat));
      p99s.push((await others).p99);
    }
    return [
      {
        name: `burst of ${LOGINS} logins: p99 of other requests`,
        ...summarise(p99s.map((p99) => p99 / GOAL_MS)),
        goal: '<= 1.0',
        unit: `of ${GOAL_MS} ms`,
        detail: `p99 ${summarise(p99s).ratio.toFixed(1)} ms; the burst took ${Math.round(summarise(bursts).ratio)} ms`,
      },
    ];
  });
}

async function burst({ holdfast }: Chat): Promise<number> {
  const start = performance.now();
  const names = Array.from({ length: LOGINS }, (_, index) => account(`user-${index}`));
  await Promise.all(names.map((each) => ApiClient.signIn(holdfast.url, each)));
  return performance.now() - start;
}
