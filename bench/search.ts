import type { Database, DatabaseLayer } from '../server/database/index.ts';
import type * as Migrations from '../server/migrations/index.ts';
import type * as Posts from '../server/stores/posts/index.ts';
import type { SearchScope } from '../server/stores/search/index.ts';
import { findMariadb, MARIADB_ADVICE, startMariadbCluster } from '../tools/cluster/mariadb/testing.ts';
import type { BenchResult } from './result.ts';
import { builtLayer, type Layer, openLayer } from './support/against-driver.ts';
import type { BenchContext } from './support/context.ts';
import { compare, rateOf } from './support/rounds.ts';
import { median, quantile, summarise } from './support/statistics.ts';
import { withCluster } from './support/with-cluster.ts';
import { channelIds, idOf, type WrittenPosts, writePosts } from './support/written-posts.ts';

const DEFAULT_SIZE = 200_000;
const BATCH = 2_000;
const WORKERS = 2;
/** In all channels, and in few of them, of which none is busy. */
const [EVERYWHERE, FEW] = [idOf('u', 0), idOf('u', 1)];
const FEW_CHANNELS = 10;
/** Durable, and with memory for the rows, as a server of that size has. */
const mariadbOptions = {
  'innodb-flush-log-at-trx-commit': '1',
  'sync-binlog': '1',
  'innodb-doublewrite': '1',
  'innodb-buffer-pool-size': '1G',
  'innodb-log-file-size': '256M',
};

/** A search by the full-text index, or the way that was chosen instead, against reading all posts with LIKE. */
export async function search(context: BenchContext): Promise<BenchResult[]> {
  const built = await builtLayer();
  const onPostgres = await withCluster(0, async (cluster) => {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error('The cluster is empty.');
    return searchOn({ built, name: 'PostgreSQL', layer: await openLayer(built, 'postgres', node.url()), context });
  });
  return [...onPostgres, ...(await onMariadb(built, context))];
}

async function onMariadb(built: Layer, context: BenchContext): Promise<BenchResult[]> {
  if (findMariadb() === undefined) {
    context.log(MARIADB_ADVICE);
    return [];
  }
  const { cluster, stop } = await startMariadbCluster({ replicas: 0, options: mariadbOptions });
  try {
    const [url = ''] = cluster.nodes.map((node) => node.url());
    return await searchOn({ built, name: 'MariaDB', layer: await openLayer(built, 'mysql', url), context });
  } finally {
    await stop();
  }
}

interface Engine {
  readonly built: Layer;
  readonly name: string;
  readonly layer: DatabaseLayer;
  readonly context: BenchContext;
}

async function searchOn({ built, name, layer, context }: Engine): Promise<BenchResult[]> {
  const { size = DEFAULT_SIZE, log } = context;
  try {
    const posts = writePosts();
    const indexMs = await fill(built, layer, posts, size);
    log(`${name}: ${size} posts; their indexes took ${Math.round(indexMs / 1_000)} s`);
    const { createPostSearch } = await distribution<typeof Posts>('stores/posts/index.js');
    const store = createPostSearch(layer.database);
    const results: BenchResult[] = [];
    for (const kind of kindsOf(posts)) {
      results.push(await measure(kind, { built, name, database: layer.database, store, context, size }));
    }
    return results;
  } finally {
    await layer.close(1_000);
  }
}

/** What is measured is what is shipped. */
const distribution = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../dist/server/${path}`, import.meta.url).href)) as T;

/** Fills a new database; returns how long the indexes of the search took to build over all posts. */
async function fill(built: Layer, layer: DatabaseLayer, posts: WrittenPosts, size: number): Promise<number> {
  const { migrate, migrations } = await distribution<typeof Migrations>('migrations/index.js');
  const before = migrations.findIndex((step) => step.name === 'search');
  const bring = (steps: typeof migrations): Promise<unknown> =>
    layer.onMaster(({ driver, execute }) => {
      const connection = { driver, execute: (sql: string, values: unknown[] = []) => execute(sql, values) };
      return migrate(connection, { steps, statementTimeoutMs: 3_600_000 });
    });
  await bring(migrations.slice(0, before));
  const causality = layer.causalities.of('bench');
  const write = (text: Parameters<Layer['statement']>[1], ...values: (string | number)[]): Promise<unknown> =>
    layer.database.write(
      causality,
      built.bind(built.statement(`bench.fill_${text.toString().length}`, text), ...values),
    );
  for (let from = 0; from < size; from += BATCH) {
    await write(ADD_POSTS, JSON.stringify(posts.rows(from, Math.min(BATCH, size - from))));
  }
  await write(ADD_CHANNELS, JSON.stringify(channelIds.map((id) => ({ id }))), Math.ceil(size / channelIds.length));
  const members = channelIds.flatMap((id, number) => [
    { id, userid: EVERYWHERE },
    ...(number >= channelIds.length - FEW_CHANNELS ? [{ id, userid: FEW }] : []),
  ]);
  await write(ADD_MEMBERS, JSON.stringify(members));
  await layer.onMaster(({ driver, execute }) => execute(driver === 'postgres' ? 'ANALYZE' : 'ANALYZE TABLE posts'));
  const start = performance.now();
  await bring(migrations);
  const took = performance.now() - start;
  await layer.onMaster(({ driver, execute }) =>
    execute(driver === 'postgres' ? 'ANALYZE posts' : 'ANALYZE TABLE posts'),
  );
  return took;
}

type Text = Exclude<Parameters<Layer['statement']>[1], string>;
const row = { id: 'text', createat: 'bigint', userid: 'text', channelid: 'text', message: 'text' } as const;
const ADD_POSTS: Text = (sql) => `INSERT INTO posts (id, createat, updateat, userid, channelid, message, props)
  SELECT r.id, r.createat, r.createat, r.userid, r.channelid, r.message, '{}' FROM ${sql.rows('$1', row, 'r')}`;
const ADD_CHANNELS: Text = (sql) => `INSERT INTO channels (id, createat, updateat, type, name, totalmsgcount)
  SELECT r.id, 1, 1, 'O', r.id, $2 FROM ${sql.rows('$1', { id: 'text' }, 'r')}`;
const ADD_MEMBERS: Text = (sql) => `INSERT INTO channelmembers (channelid, userid, notifyprops)
  SELECT r.id, r.userid, '{}' FROM ${sql.rows('$1', { id: 'text', userid: 'text' }, 'r')}`;
/** What is left without an index. $1 user, $2 pattern. */
const BY_LIKE = `SELECT p.id FROM posts p
  WHERE p.deleteat = 0 AND p.originalid = '' AND lower(p.message) LIKE $2
    AND p.channelid IN (SELECT m.channelid FROM channelmembers m WHERE m.userid = $1)
  ORDER BY p.createat DESC, p.id DESC LIMIT 60`;

interface Kind {
  readonly name: string;
  readonly userId: string;
  /** Milliseconds in the mean, where reading with LIKE ends as soon: what is common is found among the newest. */
  readonly limitMs?: number;
  /** The text of the n-th search, and a pattern that finds about the same. */
  readonly text: (number: number) => string;
}

function kindsOf({ wordAt }: WrittenPosts): Kind[] {
  const rare = (number: number): string => wordAt(20_000 + ((number * 7) % 20_000));
  const usual = (number: number): string => wordAt(100 + ((number * 7) % 400));
  const common = (number: number): string => wordAt(number % 5);
  const kanji = ['東京', '会議', '資料', '報告', '連絡'];
  return [
    { name: 'a rare word', userId: EVERYWHERE, text: rare },
    { name: 'a usual word', userId: EVERYWHERE, limitMs: 100, text: usual },
    { name: 'a common word', userId: EVERYWHERE, limitMs: 100, text: common },
    { name: 'a common word in few channels', userId: FEW, limitMs: 100, text: common },
    { name: 'a word in Japanese', userId: EVERYWHERE, text: (number) => kanji[number % 5] ?? '' },
  ];
}

interface Searched extends Omit<Engine, 'layer'> {
  readonly database: Database;
  readonly store: Posts.PostSearch;
  readonly size: number;
}

async function measure(kind: Kind, searched: Searched): Promise<BenchResult> {
  const { built, name, database, store, context, size } = searched;
  const byLike = built.statement('bench.search_like', BY_LIKE);
  const times: number[] = [];
  const counter = { ours: 0, like: 0 };
  const ours = async (): Promise<void> => {
    const start = performance.now();
    await store.search(scopeOf(kind.userId, kind.text(counter.ours++)));
    times.push(performance.now() - start);
  };
  const like = (): Promise<unknown> => database.readStale(byLike, kind.userId, `%${kind.text(counter.like++)}%`);
  const { ourRates, theirRates } = await compare(
    () => rateOf(ours, WORKERS, context.roundMs),
    () => rateOf(like, WORKERS, context.roundMs),
    context.rounds,
  );
  const { limitMs } = kind;
  const ratios = ourRates.map((rate, index) =>
    limitMs === undefined ? (theirRates[index] ?? Number.NaN) / rate : (WORKERS * 1_000) / rate / limitMs,
  );
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return {
    name: `search for ${kind.name} on ${name}`,
    ...summarise(ratios),
    goal: limitMs === undefined ? '<= 0.5' : '<= 1.0',
    unit: limitMs === undefined ? 'time : LIKE over all posts' : `time : ${limitMs} ms`,
    detail:
      `${size} posts, ${WORKERS} searches at once: p50 ${ms(median(times))}, p99 ${ms(quantile(times, 0.99))}; ` +
      `LIKE ${ms((WORKERS * 1_000) / median(theirRates))} in the mean`,
  };
}

function scopeOf(userId: string, text: string): SearchScope {
  const nobody = { wanted: [], unwanted: [] };
  return {
    userId,
    teamId: '',
    archived: false,
    texts: [{ text, prefix: false, wanted: true, hashtag: false }],
    any: false,
    channels: nobody,
    authors: nobody,
    within: { from: 0, until: Number.MAX_SAFE_INTEGER },
    notWithin: [],
    offset: 0,
    limit: 60,
  };
}
