import { afterEach, expect, it } from 'vitest';
import { bind, type DatabaseLayer, type LayerEvent, type MasterChange, openDatabase, statement } from '../../index.ts';
import { describeEngines, type FaultyCluster, type Replicated, startReplicatedOn, until } from '../../testing/index.ts';

const add = statement('test.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const get = statement('test.get', 'SELECT id FROM ledger WHERE id = $1');

let replicated: Replicated<FaultyCluster> | undefined;
let second: DatabaseLayer | undefined;
afterEach(async () => {
  await second?.close(1_000);
  await replicated?.stop();
  [second, replicated] = [undefined, undefined];
});

describeEngines('the emergency path to a replica that lacks what nobody kept', (engine) => {
  it('goes on with what is kept, and tells of the loss', async () => {
    replicated = await startReplicatedOn(engine, { replicas: 1 });
    const { cluster, settings, layer: first } = replicated;
    await cluster.node('b').cutReplication();
    await first.database.write(first.causalities.of('ann'), bind(add, 'given-up'));
    // Another run of the server: its journal knows nothing of that write.
    await first.close();
    second = await openDatabase(settings(['a', 'b'], { WriteHoldLimitMilliseconds: 1_000, FollowPromotion: false }));
    const layer = second;
    const events: LayerEvent[] = [];
    const masters: MasterChange[] = [];
    layer.control.subscribe((event) => events.push(event));
    layer.control.onMasterChange((change) => masters.push(change));
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'kept'));
    await cluster.node('a').kill();
    await until('the master is missed', () => layer.control.mode().mode === 'read-only');

    const { name } = settings(['b']).sources[0].source;
    const request = { name, emergency: true, confirmation: name };
    const { loss } = await layer.control.planSwitchover(request);
    expect(loss).toMatch(/Not all of them are kept here: some may be lost/);
    const result = await layer.control.switchover(request, () => undefined);
    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(masters).toEqual([{ name, forced: true }]);
    expect(events.filter(({ kind }) => kind === 'writes_given_up')).toMatchObject([
      { severity: 'error', source: name, detail: { given_up: null, carried_over: 1 } },
    ]);
    await until('writes go on', () => layer.control.mode().mode === 'normal');
    const isThere = async (id: string) => (await layer.database.readLatest(get, id)).length === 1;
    expect([await isThere('given-up'), await isThere('kept')]).toEqual([false, true]);
  });
});
