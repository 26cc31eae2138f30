import { postgresVocabulary } from '../server/database/dialect/postgres-vocabulary.ts';
import { NEWEST_PAGE } from '../server/stores/posts/list-posts.sql.ts';
import type { BenchResult } from './result.ts';
import { pageRequests, postRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { cpuTimeOf } from './support/cpu-time.ts';
import { successRate } from './support/load.ts';
import { findPgbench, PGBENCH_ADVICE, runPgbench, scriptOf } from './support/pgbench.ts';
import { compare } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 50;
const FILL_MS = 2_000;

/** A channel's newest 60 posts over HTTP, read from replicas, against the same SQL by pgbench on a replica. */
export async function channelPage(context: BenchContext): Promise<BenchResult[]> {
  if (findPgbench() === undefined) {
    context.log(`page: ${PGBENCH_ADVICE}`);
    return [];
  }
  return withChat(async (chat) => {
    const { url, cluster, pid } = chat.holdfast;
    const load = { url, connections: CONNECTIONS };
    // Twenty channels with far more than a page in each.
    await successRate({ ...load, milliseconds: FILL_MS, requests: postRequests(chat, 'many') });
    const [replica] = cluster.replicas();
    if (replica === undefined) throw new Error('The cluster has no replica.');
    const seconds = Math.ceil(context.roundMs / 1000);
    const cpuPerPage: number[] = [];
    const ours = async (): Promise<number> => {
      const before = cpuTimeOf(pid);
      const order = { ...load, milliseconds: context.roundMs, requests: pageRequests(chat) };
      const { rate, answers } = await successRate(order);
      cpuPerPage.push(((cpuTimeOf(pid) - before) * 1_000) / answers);
      return rate;
    };
    const result = await compare(
      ours,
      () => runPgbench(pageScript(chat), { url: replica.url(), clients: 8, seconds }),
      context.rounds,
    );
    return [
      {
        name: 'channel page over HTTP',
        ratio: result.ratio,
        spread: result.spread,
        goal: '>= 0.5',
        unit: 'pages/s : pgbench, 8 clients, same SQL',
        detail:
          `${Math.round(median(result.ourRates))} pages/s of 60 posts, pgbench ${Math.round(median(result.theirRates))}/s; ` +
          `CPU of the server per page ${Math.round(median(cpuPerPage))} us, on the same cores as the databases and the clients`,
      },
    ];
  });
}

function pageScript({ channels }: Chat): ReturnType<typeof scriptOf> {
  const list = channels.map(({ id }) => `'${id}'`).join(',');
  return scriptOf(
    String(NEWEST_PAGE.plain.build(postgresVocabulary)),
    [`(ARRAY[${list}]::varchar[])[:channel]`, '61', 'true'],
    [`\\set channel random(1, ${channels.length})`],
  );
}
