import { afterEach, expect, it } from 'vitest';
import { createFaultProxy } from '../../../../tools/faults/index.ts';
import type { DriverName } from '../../data-source/data-source.ts';
import type { LayerEvent } from '../../events.ts';
import { bind, openDatabase, statement } from '../../index.ts';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  isFenced,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  synchronise,
  testSettings,
  until,
} from '../../testing/index.ts';

const add = statement('promotion.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const all = statement('promotion.all', 'SELECT id FROM ledger WHERE author = 9');
let others = 0;

let it3: Replicated<FaultyCluster>;
afterEach(() => it3.stop());

const afterMs = 1_000;
const mode = () => it3.layer.control.mode();
const promotion = () => it3.layer.control.status().automatic_promotion;
const find = (kind: string): LayerEvent | undefined => it3.events.find((event) => event.kind === kind);
const master = (): string | undefined => ['a', 'b', 'c'].find((node) => it3.source(node).assigned_role === 'master');
const lostFor = (ms: number): boolean =>
  it3.source('a').health === 'offline' && Date.now() - it3.source('a').health_since > ms;

interface Setup {
  readonly on?: boolean;
  /** Which replicas a commit waits for one of; default both. */
  readonly confirmers?: readonly string[];
  readonly overrides?: Readonly<Record<string, unknown>>;
}

async function open(
  engine: DriverName,
  { on = true, confirmers = ['b', 'c'], overrides = {} }: Setup = {},
): Promise<void> {
  const AutomaticPromotionAfterMilliseconds = afterMs;
  it3 = await startReplicatedOn(engine, {
    overrides: { ...(on ? { AutomaticPromotion: true } : {}), AutomaticPromotionAfterMilliseconds, ...overrides },
  });
  if (confirmers.length === 0) return;
  await keepTogether(engine, 'a', confirmers);
  if (on) await until('somebody could be promoted', () => promotion().state === 'ready', 40_000);
}

async function keepTogether(engine: DriverName, node: string, replicas: readonly string[]): Promise<void> {
  await synchronise(engine, it3.cluster, { master: node, replicas });
  await until('the mode is kept', () => it3.layer.control.status().durability.met === true);
}

async function expectNothingLost(load: LedgerLoad): Promise<void> {
  const report = await load.stop();
  expect(report.errors).toEqual([]);
  expect(await compareLedger(it3.layer, report)).toEqual({ lost: [], disordered: 0 });
}

/**
 * Writes to one database alone, even when it dies: what is acknowledged there is in nobody's journal, so that nothing but the choice of the
 * right replica keeps it.
 */
async function otherServer(node = 'a'): Promise<{ expectKept(): Promise<void> }> {
  const layer = await openDatabase(
    it3.settings([node], { AutomaticPromotion: false, WriteHoldLimitMilliseconds: 100 }),
  );
  const causality = layer.causalities.of('other');
  const ids: string[] = [];
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      const id = `other-${node}-${others++}`;
      const written = layer.database.write(causality, bind(add, id)).then(() => ids.push(id));
      // Refused, or of unknown outcome: on a busy machine its database may seem to be silent before it is.
      await written.catch(() => new Promise((resolve) => setTimeout(resolve, 10)));
    }
  })();
  await until('it has written', () => ids.length > 20);
  return {
    async expectKept() {
      isOver = true;
      await writing;
      await layer.close(100);
      const rows = await it3.layer.database.readLatest<{ id: string }>(all);
      const stored = new Set(rows.map(({ id }) => id));
      expect(ids.filter((id) => !stored.has(id))).toEqual([]);
    },
  };
}

describeEngines('a lost master, with AutomaticPromotion and a synchronous mode', (engine) => {
  it('is replaced by itself under load, nothing acknowledged is lost, and it is kept out when it returns', async ({
    annotate,
  }) => {
    await open(engine);
    const { cluster, layer, source } = it3;
    const load = new LedgerLoad(layer, 4);
    const beside = await otherServer();
    await load.more(200);
    await cluster.node('a').kill();
    const killedAt = performance.now();
    await until('another one is the master', () => master() !== 'a');
    await load.more(200);
    await annotate(`writes went on ${Math.round(performance.now() - killedAt)} ms after the master was killed`);
    const heir = master() ?? '';
    const other = heir === 'b' ? 'c' : 'b';
    expect(find('promoted')).toMatchObject({ severity: 'warning', source: source(heir).name });
    expect(find('failed_over')?.text).toMatch(/was promoted and is the master now/);
    await beside.expectKept();
    await until('the other replica follows the new master', () => source(other).health === 'online');
    expect(find('replica_astray')).toBeUndefined();

    await cluster.node('a').start();
    await until('it is an alarm', () => find('former_master') !== undefined);
    expect(find('former_master')).toMatchObject({ severity: 'error', source: source('a').name });
    await until('it is fenced', () => find('former_master_fenced') !== undefined);
    expect(await isFenced(cluster.node('a').url())).toBe(true);
    const { writes_total: writtenBefore } = source('a');
    await load.more(100);
    expect(source('a')).toMatchObject({ assigned_role: 'replica', health: 'suspect', writes_total: writtenBefore });
    await expectNothingLost(load);
    expect(promotion()).toMatchObject({ state: 'ineffective', text: expect.stringMatching(/asynchronous/) as string });
  });

  it('loses nothing however often it happens', async () => {
    const times = Number(process.env['HOLDFAST_PROMOTIONS'] ?? 2);
    await open(engine);
    const { cluster, source } = it3;
    const load = new LedgerLoad(it3.layer, 4);
    for (let turn = 1; turn <= times; turn++) {
      const lost = master() ?? '';
      const beside = await otherServer(lost);
      await load.more(200);
      await cluster.node(lost).kill();
      await until(`turn ${turn}: another one is the master`, () => master() !== lost && mode().mode === 'normal');
      await load.more(50);
      await beside.expectKept();
      const heir = master() ?? '';
      await cluster.node(lost).rebuild(cluster.node(heir));
      const others = ['a', 'b', 'c'].filter((node) => node !== heir);
      for (const node of others) await until(`turn ${turn}: ${node} follows`, () => source(node).health === 'online');
      await keepTogether(engine, heir, others);
      await until(`turn ${turn}: somebody could be promoted`, () => promotion().state === 'ready', 40_000);
    }
    await expectNothingLost(load);
    expect(it3.events.filter(({ kind }) => kind === 'promoted')).toHaveLength(times);
  }, 1_200_000);

  it('is not replaced while too few replicas answer, and is when they do', async () => {
    await open(engine, { overrides: { WriteHoldLimitMilliseconds: 500 } });
    const { cluster, layer } = it3;
    cluster.node('c').freeze();
    await until('c is away', () => it3.source('c').health === 'offline');
    const load = new LedgerLoad(layer, 2);
    await load.more(50);
    const { acknowledged, stale } = await load.stop();
    await cluster.node('a').kill();
    await until('it is said why', () => find('promotion_refused') !== undefined);
    expect(find('promotion_refused')).toMatchObject({
      severity: 'error',
      text: expect.stringMatching(/2 of the 2 replicas .* 1 does\. .* does not answer/) as string,
    });
    await until('the mode says why', () => /Nobody was promoted: .* 1 does\./.test(mode().reason));
    expect([mode().mode, master()]).toEqual(['read-only', 'a']);
    cluster.node('c').thaw();
    await until('b is promoted', () => master() === 'b' && mode().mode === 'normal');
    expect(await compareLedger(layer, { acknowledged, stale, total: 0, reads: 0, errors: [] })).toEqual({
      lost: [],
      disordered: 0,
    });
  });

  it('is not replaced when it comes back in time', async () => {
    await open(engine, { overrides: { AutomaticPromotionAfterMilliseconds: 8_000 } });
    const { cluster, layer, source } = it3;
    const load = new LedgerLoad(layer, 2);
    await load.more(50);
    await cluster.node('a').kill();
    await until('it is lost', () => source('a').health === 'offline');
    await cluster.node('a').start();
    await until('it serves', () => mode().mode === 'normal');
    await load.more(50);
    await expectNothingLost(load);
    expect([master(), find('promoted'), find('promotion_refused')]).toEqual(['a', undefined, undefined]);
  });

  it('is not replaced while a replica is still fed by it: only we do not reach it', async () => {
    await open(engine, { overrides: { WriteHoldLimitMilliseconds: 500 } });
    const { cluster, layer } = it3;
    const proxy = await createFaultProxy({ targetPort: cluster.node('a').port });
    try {
      const through = new URL(cluster.node('a').url());
      through.port = String(proxy.port);
      const list = [through.href, cluster.node('b').url(), cluster.node('c').url()].join(',');
      const overrides = { AutomaticPromotion: true, AutomaticPromotionAfterMilliseconds: afterMs };
      const moved = testSettings(list, { WriteHoldLimitMilliseconds: 500, ...overrides });
      expect(await layer.control.recycle(moved, () => undefined)).toMatchObject({ outcome: 'succeeded' });
      await until('somebody could be promoted', () => promotion().state === 'ready', 40_000);
      await proxy.set('refuse');
      await until('it is said why', () => find('promotion_refused') !== undefined);
      expect(find('promotion_refused')?.text).toMatch(/ still receives from a master: .* may live, and only we/);
      expect([mode().mode, find('promoted')]).toEqual(['read-only', undefined]);
      await proxy.set('pass');
      await until('it serves', () => mode().mode === 'normal');
      expect(layer.control.status().sources[0]).toMatchObject({ port: proxy.port, assigned_role: 'master' });
    } finally {
      await proxy.close();
    }
  });

  it('is not replaced when it answers, and only does not let us in', async () => {
    await open(engine, { overrides: { WriteHoldLimitMilliseconds: 500 } });
    // Nobody who asks for it by its password gets in; replication goes on.
    await shutOut[engine]();
    await until('it is lost for us', () => lostFor(afterMs));
    await until('it is said why', () => find('promotion_refused') !== undefined);
    expect(find('promotion_refused')?.text).toMatch(/answers, and is not lost: /);
    expect([master(), find('promoted')]).toEqual(['a', undefined]);
  });
});

/** Nobody signs in as our user any more. What the master is told travels: the replicas refuse new sessions as well. */
const shutOut: Readonly<Record<DriverName, () => Promise<void>>> = {
  async postgres() {
    const a = it3.cluster.node('a');
    await a.query('ALTER ROLE holdfast NOLOGIN');
    await a.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'holdfast'");
  },
  async mysql() {
    const a = it3.cluster.node('a');
    await a.query('ALTER USER holdfast ACCOUNT LOCK');
    await a.query('KILL HARD CONNECTION USER holdfast');
  },
};

describeEngines('nobody is promoted by ourselves', (engine) => {
  it('by default', async () => {
    await open(engine, { on: false, overrides: { WriteHoldLimitMilliseconds: 500 } });
    await it3.cluster.node('a').kill();
    await until('it is lost for long', () => lostFor(4 * afterMs));
    expect([mode().mode, master(), find('promoted')]).toEqual(['read-only', 'a', undefined]);
    expect(mode().reason).toMatch(/No other database accepts writes\.$/);
    expect(promotion()).toEqual({ state: 'off', text: '' });
  });

  it('while the master commits asynchronously, which is told before and after it is lost', async () => {
    await open(engine, { on: false, confirmers: [], overrides: { WriteHoldLimitMilliseconds: 500 } });
    const { outcome } = await it3.layer.control.recycle(
      it3.settings(['a', 'b', 'c'], { AutomaticPromotion: true }),
      () => undefined,
    );
    expect(outcome).toBe('succeeded');
    await until('it is told', () => find('automatic_promotion_ineffective') !== undefined);
    expect(find('automatic_promotion_ineffective')).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(/does nothing: .* commits asynchronously: .* may lack acknowledged writes/) as string,
    });
    expect(promotion().state).toBe('ineffective');
    await it3.cluster.node('a').kill();
    await until('it is lost for long', () => lostFor(4 * afterMs));
    expect([mode().mode, master(), find('promoted')]).toEqual(['read-only', 'a', undefined]);
    expect(mode().reason).toMatch(/AutomaticPromotion: it does nothing: .* commits asynchronously/);
  });
});
