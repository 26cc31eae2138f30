import { afterEach, expect, it } from 'vitest';
import { bind, statement } from '../index.ts';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  LedgerLoad,
  openTestDatabase,
  type Replicated,
  startReplicatedOn,
  testSettings,
  until,
} from '../testing/index.ts';
import type { StepUpdate } from './recycle.ts';

/** What each engine calls the same. */
const own = {
  postgres: {
    sleep: statement('test.sleep', 'SELECT pg_sleep($1::float8)'),
    wrongPassword: 'password authentication failed',
  },
  mysql: { sleep: statement('test.sleep', 'SELECT SLEEP($1)'), wrongPassword: 'Access denied for user' },
} as const;
const add = statement('test.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const get = statement('test.get', 'SELECT id FROM ledger WHERE id = $1');
const nothing = (): void => undefined;

let it3: Replicated<FaultyCluster> | undefined;
afterEach(async () => {
  await it3?.stop();
  it3 = undefined;
});

async function start(...options: Parameters<typeof startReplicatedOn>): Promise<Replicated<FaultyCluster>> {
  it3 = await startReplicatedOn(...options);
  return it3;
}

describeEngines('a recycle under load', (engine) => {
  const { sleep } = own[engine];

  it('adds two replicas to a single database: they serve reads, nothing is lost and nobody waits', async () => {
    const { layer, settings, source } = await start(engine, { open: ['a'] });
    const load = new LedgerLoad(layer, 4);
    await load.more(200);
    const steps: StepUpdate[] = [];
    const result = await layer.control.recycle(settings(['a', 'b', 'c']), (step) => steps.push(step));
    await load.more(500);
    const report = await load.stop();

    expect(result).toMatchObject({ outcome: 'succeeded', generation: 2, writeHoldMs: 0, writesFailed: 0 });
    expect(steps.filter((step) => step.state === 'done').map((step) => step.name)).toEqual([
      'Check',
      'Open new connections',
      'Verify',
      'Switch',
      'Drain old',
      'Close old',
    ]);
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(source('b').reads_total).toBeGreaterThan(0);
    expect(source('c').reads_total).toBeGreaterThan(0);
    expect([source('b').writes_total, source('c').writes_total]).toEqual([0, 0]);
  });

  it('moves to a promoted replica while the old master goes on taking writes, and loses none of them', async () => {
    const { cluster, layer, settings, source, events } = await start(engine);
    const load = new LedgerLoad(layer, 4);
    await load.more(200);
    await cluster.node('b').promote();
    await until('the second master is noticed', () => events.some((event) => event.kind === 'two_masters'));
    await load.more(300);
    const result = await layer.control.recycle(settings(['b', 'a', 'c']), nothing);
    await load.more(300);
    const report = await load.stop();

    expect(result.outcome).toBe('succeeded');
    expect(result.writeHoldMs).toBeGreaterThan(0);
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(source('b')).toMatchObject({ assigned_role: 'master', health: 'online' });
    expect(source('a').cause).toMatch(/accepts writes of its own/);
    const written = source('a').writes_total;
    await layer.database.readLatest(sleep, 0);
    expect(source('a').writes_total).toBe(written);
  });

  it('moves to a promoted replica when the old master has come back as a replica of it, and loses nothing', async () => {
    const { cluster, layer, settings, source } = await start(engine, { overrides: { FollowPromotion: false } });
    const [a, b] = [cluster.node('a'), cluster.node('b')];
    const load = new LedgerLoad(layer, 4);
    await load.more(200);
    await b.promote();
    // Nowhere but on the old master, whose data are thrown away - and in the journal.
    await load.more(200);
    const goOn = await load.pause();
    await a.rebuild(b);
    await until('the old master is seen as a replica', () => source('a').observed_role === 'replica');
    goOn();
    expect(await layer.control.plan(settings(['b', 'a', 'c']))).toMatchObject({ reason: '', possible: true });
    expect(await layer.control.recycle(settings(['b', 'a', 'c']), nothing)).toMatchObject({ outcome: 'succeeded' });
    await load.more(200);
    const report = await load.stop();

    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    await until('the old master serves as a replica', () => source('a').health === 'online');
  });

  it('ends work in flight in peace', async () => {
    const { layer, settings } = await start(engine);
    const long = layer.database.readLatest(sleep, 1.5);
    const { outcome } = await layer.control.recycle(settings(['a']), nothing);
    expect(outcome).toBe('succeeded');
    await expect(long).resolves.toHaveLength(1);
  });

  it('does not wait longer than the limit for a query that runs for 30 s', async () => {
    const { layer, settings } = await start(engine, { overrides: { DrainLimitMilliseconds: 500 } });
    const running = layer.database.readStale(sleep, 30).catch((error: unknown) => error);
    await until('it runs', () => layer.control.status().sources.some((one) => one.in_use > 0));
    const { outcome } = await layer.control.recycle(settings(['a']), nothing);
    expect(outcome).toBe('succeeded');
    // It is cut with its pool, and as a read it starts again on what is left: the user waits, but is not refused.
    const settled = await Promise.race([running.then(() => 'ended'), new Promise((r) => setTimeout(r, 200, 'runs'))]);
    expect(settled).toBe('runs');
  });
});

describeEngines('a recycle that cannot be', (engine) => {
  async function refused(
    replicated: Replicated<FaultyCluster>,
    wanted: ReturnType<typeof testSettings>,
  ): Promise<string> {
    const { layer } = replicated;
    const rows = () => layer.control.status().sources.map(({ name, assigned_role: role }) => `${name} ${role}`);
    const before = rows();
    const load = new LedgerLoad(layer, 2);
    await load.more(20);
    const plan = await layer.control.plan(wanted);
    const result = await layer.control.recycle(wanted, nothing);
    const overridden = await layer.control.recycle(wanted, nothing, { override: wanted.sources[0].source.name });
    await load.more(50);
    const report = await load.stop();
    expect(plan).toMatchObject({ possible: false, overridable: null });
    expect(overridden).toMatchObject({ outcome: 'failed-nothing-changed', summary: result.summary });
    expect(result).toMatchObject({ outcome: 'failed-nothing-changed', generation: 1 });
    expect(result.summary).toContain(plan.reason);
    expect(result.summary).toContain('Nothing changed');
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(rows()).toEqual(before);
    return result.summary;
  }

  it('names the data source with the wrong password', async () => {
    const replicated = await start(engine);
    const good = replicated.cluster.node('b').url();
    const wrong = new URL(good);
    wrong.password = 'wrong-secret';
    const text = await refused(replicated, testSettings(`${replicated.cluster.node('a').url()},${wrong.href}`));
    expect(text).toContain(`127.0.0.1:${wrong.port}/holdfast (replica): ${own[engine].wrongPassword}`);
    expect(text).not.toContain('wrong-secret');
  });

  it('refuses an unreachable master', async () => {
    const replicated = await start(engine);
    await replicated.cluster.node('c').kill();
    const text = await refused(replicated, replicated.settings(['c', 'a', 'b']));
    expect(text).toContain(`:${replicated.cluster.node('c').port}/holdfast (master): connect ECONNREFUSED`);
  });

  it('refuses a replica that nobody promoted', async () => {
    const replicated = await start(engine);
    const text = await refused(replicated, replicated.settings(['b', 'a', 'c']));
    const name = `:${replicated.cluster.node('b').port}/holdfast`;
    expect(text).toContain(`${name} (master): It is a replica and refuses writes. Promote it first.`);
  });

  it('refuses a database of a foreign cluster, as master and as replica', async () => {
    const replicated = await start(engine);
    const foreign = await openTestDatabase({ engine });
    try {
      const own = replicated.cluster.node('a').url();
      for (const [list, role] of [
        [foreign.url, 'master'],
        [`${own},${foreign.url}`, 'replica'],
      ] as const) {
        const { host, pathname } = new URL(foreign.url);
        const cause = `${host}${pathname} (${role}): It belongs to another database cluster`;
        expect(await refused(replicated, testSettings(list))).toContain(cause);
      }
    } finally {
      await foreign.stop();
    }
  });

  it('refuses a replica that was promoted from an older history, on the same timeline as the master', async () => {
    const { cluster, layer, settings, source } = await start(engine);
    await cluster.node('b').promote();
    expect(await layer.control.recycle(settings(['b', 'c']), nothing)).toMatchObject({ outcome: 'succeeded' });
    await until('it is seen to follow the old master', () => /follows timeline 1/.test(source('c').cause));
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'only-on-b'));
    await cluster.node('c').promote();
    const { outcome, summary } = await layer.control.recycle(settings(['c', 'b']), nothing);
    expect(outcome).toBe('failed-nothing-changed');
    expect(summary).toMatch(/It is on timeline 2 and the running master on 2: it was not promoted from it/);
    expect(await layer.database.readLatest(get, 'only-on-b')).toHaveLength(1);
  });

  it('accepts a dead replica: it joins out of rotation and serves when it is back', async () => {
    const { cluster, layer, settings, source } = await start(engine, { open: ['a'] });
    await cluster.node('b').kill();
    const { outcome } = await layer.control.recycle(settings(['a', 'b']), nothing);
    expect(outcome).toBe('succeeded');
    expect(source('b')).toMatchObject({ health: 'offline' });
    await cluster.node('b').start();
    await until('it serves', () => source('b').health === 'online');
  });

  it('runs once at a time', async () => {
    const { layer, settings } = await start(engine);
    const first = layer.control.recycle(settings(['a', 'b']), nothing);
    await expect(layer.control.recycle(settings(['a']), nothing)).rejects.toThrow('Another recycle is running');
    expect((await first).summary).toContain('Generation 2 is in use');
  });
});
