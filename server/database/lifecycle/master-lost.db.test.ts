import { afterEach, expect, it } from 'vitest';
import { bind, statement } from '../index.ts';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  until,
} from '../testing/index.ts';

const count = statement('ledger.count', 'SELECT count(*) AS n FROM ledger');
const add = statement('ledger.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');

let it3: Replicated<FaultyCluster>;
afterEach(() => it3.stop());

describeEngines('a lost master', (engine) => {
  it('holds writes until it is back, and none of them fails, is lost or doubled', async () => {
    it3 = await startReplicatedOn(engine);
    const { cluster, layer } = it3;
    const load = new LedgerLoad(layer, 4);
    await load.more(200);
    const before = load.report.total;
    await cluster.node('a').kill();
    await until('writes are held', () => layer.control.mode().mode === 'switching');
    expect(await layer.database.readStale(count)).toHaveLength(1);
    await cluster.node('a').start();
    await until('writes go on', () => layer.control.mode().mode === 'normal');
    await load.more(200);
    const report = await load.stop();
    expect(report.total).toBeGreaterThan(before);
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  });

  it('turns to read-only mode with the reason when it stays away, and back', async () => {
    it3 = await startReplicatedOn(engine, { overrides: { WriteHoldLimitMilliseconds: 700 } });
    const { cluster, layer, events } = it3;
    cluster.node('a').freeze();
    await until('it is read-only', () => layer.control.mode().mode === 'read-only');
    expect(layer.control.mode().reason).toMatch(/Master 127\.0\.0\.1:\d+\/holdfast: It does not answer/);
    const refused = layer.database.write(layer.causalities.of('ann'), bind(add, 'x'));
    await expect(refused).rejects.toMatchObject({ kind: 'held', outcome: 'not-executed' });
    expect(await layer.database.read(layer.causalities.of('ann'), count)).toHaveLength(1);
    expect(await layer.database.readLatest(count)).toHaveLength(1);
    cluster.node('a').thaw();
    await until('it is normal', () => layer.control.mode().mode === 'normal');
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'x'));
    expect(events.filter((event) => event.kind === 'mode_changed').map((event) => event.detail['to'])).toEqual([
      'switching',
      'read-only',
      'normal',
    ]);
  });

  it('is left behind by a recycle to a promoted replica, with every acknowledged write', async () => {
    it3 = await startReplicatedOn(engine);
    const { cluster, layer, settings } = it3;
    const load = new LedgerLoad(layer, 4);
    await load.more(300);
    // Replay stands still on the coming master: what is acknowledged now is nowhere but on the old one - and here.
    await cluster.node('b').cutReplication();
    await load.more(200);
    const goOn = await load.pause();
    await cluster.node('a').kill();
    goOn();
    await until('writes are held', () => layer.control.status().gate.waiting > 0);
    await cluster.node('b').promote();
    const result = await layer.control.recycle(settings(['b', 'a', 'c']), () => undefined);
    expect(result).toMatchObject({ outcome: 'succeeded' });
    await load.more(200);
    const report = await load.stop();
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  });
});
