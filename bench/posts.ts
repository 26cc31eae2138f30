import { createOneStatement } from '../server/stores/posts/create-post.sql.ts';
import { postgresVocabulary } from '../server/database/dialect/postgres-vocabulary.ts';
import type { BenchResult } from './result.ts';
import { BENCH_MESSAGE, postRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { type LoadReport, successRate } from './support/load.ts';
import { findPgbench, PGBENCH_ADVICE, runPgbench, type Script, scriptOf } from './support/pgbench.ts';
import { compare } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { type Chat, withChat } from './support/with-chat.ts';

const CONNECTIONS = 50;
const PGBENCH_CLIENTS = 8;
const P99_GOAL_MS = 30;

/** Post creation over HTTP, with all that it does, against the database's own limit for the statement that it comes down to. */
export async function posts(context: BenchContext): Promise<BenchResult[]> {
  if (findPgbench() === undefined) {
    context.log(`posts: ${PGBENCH_ADVICE}`);
    return [];
  }
  return withChat(async (chat) => [
    ...(await benchPosts(chat, 'many', context)),
    ...(await benchPosts(chat, 'hot', context)),
  ]);
}

async function benchPosts(chat: Chat, where: 'many' | 'hot', context: BenchContext): Promise<BenchResult[]> {
  const url = chat.holdfast.cluster.master().url();
  const reports: LoadReport[] = [];
  const ours = async (): Promise<number> => {
    const requests = postRequests(chat, where);
    reports.push(
      await successRate({ url: chat.holdfast.url, connections: CONNECTIONS, milliseconds: context.roundMs, requests }),
    );
    return reports.at(-1)?.rate ?? Number.NaN;
  };
  // The limit is that of many channels in both cases: one hot channel shall be no slower.
  const limit = () =>
    runPgbench(postScript(chat), { url, clients: PGBENCH_CLIENTS, seconds: Math.ceil(context.roundMs / 1000) });
  const result = await compare(ours, limit, context.rounds);
  const name = where === 'hot' ? 'post over HTTP, one hot channel' : 'post over HTTP, many channels';
  const p99s = reports.slice(1).map(({ p99 }) => p99 / P99_GOAL_MS);
  return [
    {
      name,
      ratio: result.ratio,
      spread: result.spread,
      goal: '>= 1.0',
      unit: 'posts/s : pgbench, 8 clients, same SQL',
      detail: `${Math.round(median(result.ourRates))} posts/s on ${CONNECTIONS} connections, pgbench ${Math.round(median(result.theirRates))}/s`,
    },
    {
      name: `${name}, p99`,
      ratio: median(p99s),
      spread: [Math.min(...p99s), Math.max(...p99s)],
      goal: '<= 1.0',
      unit: `of ${P99_GOAL_MS} ms`,
      detail: `p99 ${(median(p99s) * P99_GOAL_MS).toFixed(1)} ms, p50 ${median(reports.map(({ p50 }) => p50)).toFixed(1)} ms`,
    },
  ];
}

/** One plain post, as the store writes it when it comes alone. */
function postScript({ users, channelOf }: Chat): Script {
  const list = (ids: readonly string[]): string => `(ARRAY[${ids.map((id) => `'${id}'`).join(',')}]::varchar[])`;
  const channels = users.map((_, index) => channelOf(index).id);
  return scriptOf(
    String(createOneStatement({ reply: false, mentions: false }).build(postgresVocabulary)),
    [
      `lpad(:id::text, 26, '0')`,
      '(extract(epoch FROM clock_timestamp()) * 1000)::bigint',
      `${list(users.map(({ user }) => user.id))}[:user]`,
      `${list(channels)}[:user]`,
      `'pending-' || :id::text`,
      `''`,
      `'${BENCH_MESSAGE}'`,
      `'{}'`,
      `''`,
      `'[]'`,
      '1',
      'true',
      'true',
    ],
    ['\\set id random(1, 1000000000000000)', `\\set user random(1, ${users.length})`],
  );
}
