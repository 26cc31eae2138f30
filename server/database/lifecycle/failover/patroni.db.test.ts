import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../tools/cluster/ports.ts';
import { findPatroni, PATRONI_ADVICE, type PatroniCluster, startPatroni } from '../../../../tools/patroni/index.ts';
import { type DatabaseLayer, type LayerEvent, openDatabase } from '../../index.ts';
import { compareLedger, createLedger, LedgerLoad, testSettings, until } from '../../testing/index.ts';

const programs = findPatroni();
if (programs === undefined) process.stderr.write(`The drill with Patroni is skipped. ${PATRONI_ADVICE}\n`);

// A drill on the real thing: three databases under Patroni and etcd, and a server that follows what they decide.
describe.skipIf(programs === undefined)('a cluster under Patroni', () => {
  let patroni: PatroniCluster;
  let layer: DatabaseLayer;
  const events: LayerEvent[] = [];

  beforeAll(async () => {
    if (programs === undefined) return;
    patroni = await startPatroni(programs, 3);
    const leader = (await patroni.leader()) ?? '';
    const order = [leader, ...patroni.names.filter((name) => name !== leader)];
    const list = order.map((name) => patroni.url(name)).join(',');
    // Patroni takes its time; a write may wait for it.
    const PatroniUrls = order.map((name) => patroni.restUrl(name));
    // Nobody promotes beside Patroni, whatever somebody has switched on.
    const AutomaticPromotion = true;
    const overrides = { WriteHoldLimitMilliseconds: 60_000, PatroniUrls, AutomaticPromotion };
    layer = await openDatabase(testSettings(list, overrides));
    layer.control.subscribe((event) => events.push(event));
    await createLedger(layer);
    await until('all serve', () => layer.control.status().sources.every(({ health }) => health === 'online'));
  }, 120_000);

  afterAll(async () => {
    await layer?.close(1_000);
    await patroni?.stop();
  }, 60_000);

  const master = (): string | undefined => {
    const { port } = layer.control.status().sources[0] ?? {};
    return patroni.names.find((name) => new URL(patroni.url(name)).port === String(port));
  };
  const other = (name: string): string => patroni.names.find((one) => one !== name) ?? '';
  const lastPause = (): number => Number(events.findLast(({ kind }) => kind === 'failed_over')?.detail['lasted_ms']);

  const words = () => layer.control.status().patroni;

  it('is followed through a switchover, a killed leader and its return, without a restart', async ({ annotate }) => {
    const load = new LedgerLoad(layer, 4);
    await load.more(200);

    const first = master() ?? '';
    await until('Patroni says the same', () => words().text.startsWith(`leader ${first}, 2 streaming`));
    expect(layer.control.status().automatic_promotion.text).toMatch(/Patroni decides who is promoted/);
    const second = other(first);
    await patroni.switchover(second);
    await until('the switchover is followed', () => master() === second, 60_000);
    await load.more(200);
    await annotate(`switchover: writes waited ${lastPause()} ms`);
    const online = () => layer.control.status().sources.every(({ health }) => health === 'online');
    await until('all serve again', online, 60_000);

    patroni.kill(second);
    await until('the new leader is followed', () => master() !== second, 60_000);
    await load.more(200);
    // Its own interface died with it: another member tells.
    await until('Patroni says so', () => new RegExp(`^leader ${master()}\\b`).test(words().text));
    expect(words().state).toBe('answers');
    await annotate(`leader killed: writes waited ${lastPause()} ms`);
    expect(await patroni.leader()).toBe(master());

    patroni.start(second);
    await until('the former leader serves as a replica', online, 60_000);
    await load.more(100);

    await patroni.setPaused(true);
    await until('it is seen that Patroni is paused', () => /paused: it promotes nobody/.test(words().text));
    await patroni.setPaused(false);
    await until(
      'it is seen that it goes on',
      () => /^leader .*, 2 streaming/.test(words().text) && !/paused/.test(words().text),
    );

    const report = await load.stop();
    expect(report.errors).toEqual([]);
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(events.filter(({ kind }) => kind === 'failed_over')).toHaveLength(2);
    const alarms = ['two_masters', 'former_master', 'promoted', 'promotion_refused'];
    expect(events.filter(({ kind }) => alarms.includes(kind))).toEqual([]);
  }, 240_000);

  it("does without Patroni's interface, and says why", async () => {
    const before = master();
    const list = [before, ...patroni.names.filter((name) => name !== before)].map((name) => patroni.url(name ?? ''));
    const [closed = 0] = await findFreePorts(1);
    const unreachable = testSettings(list.join(','), { PatroniUrls: [`http://127.0.0.1:${closed}`] });
    expect(await layer.control.recycle(unreachable, () => undefined)).toMatchObject({ outcome: 'succeeded' });
    await until('it is unreachable', () => words().state === 'unreachable');
    expect(words().text).toMatch(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    expect([layer.control.mode().mode, master()]).toEqual(['normal', before]);
  }, 240_000);
});
