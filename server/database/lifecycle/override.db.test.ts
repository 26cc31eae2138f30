import { afterEach, expect, it } from 'vitest';
import type { Dialect } from '../dialect/dialect.ts';
import { dialectOf } from '../dialect/index.ts';
import { bind, type DatabaseLayer, type LayerEvent, type MasterChange, openDatabase, statement } from '../index.ts';
import {
  describeEngines,
  type FaultyCluster,
  openTestDatabase,
  type Replicated,
  startReplicatedOn,
  testSettings,
  until,
} from '../testing/index.ts';

const add = statement('test.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const addOnlyThere = statement('test.only_there', 'INSERT INTO only_there (id) VALUES ($1)');
const get = statement('test.get', 'SELECT id FROM ledger WHERE id = $1');
const nothing = (): void => undefined;

let replicated: Replicated<FaultyCluster> | undefined;
let second: DatabaseLayer | undefined;
afterEach(async () => {
  await second?.close(1_000);
  await replicated?.stop();
  [second, replicated] = [undefined, undefined];
});

const writeAs = (layer: DatabaseLayer, user: string, id: string) =>
  layer.database.write(layer.causalities.of(user), bind(add, id));
const isThere = async (layer: DatabaseLayer, id: string) => (await layer.database.readLatest(get, id)).length === 1;
const readAs = async (layer: DatabaseLayer, user: string, id: string) =>
  (await layer.database.read(layer.causalities.of(user), get, id)).length === 1;
const overriding = (settings: ReturnType<typeof testSettings>) => ({ override: settings.sources[0].source.name });

function watch(layer: DatabaseLayer) {
  const events: LayerEvent[] = [];
  const masters: MasterChange[] = [];
  layer.control.subscribe((event) => events.push(event));
  layer.control.onMasterChange((change) => masters.push(change));
  return { masters, of: (kind: string) => events.filter((event) => event.kind === kind) };
}

describeEngines('an override', (engine) => {
  it('takes a replica that was cut off and promoted by hand, with the writes that are kept, and tells of the others', async () => {
    replicated = await startReplicatedOn(engine, { replicas: 1 });
    const { cluster, settings } = replicated;
    await cluster.node('b').cutReplication();
    await writeAs(replicated.layer, 'ann', 'given-up');
    // Another run of the server: its journal knows nothing of that write.
    await replicated.layer.close();
    second = await openDatabase(settings(['a', 'b'], { WriteHoldLimitMilliseconds: 1_000 }));
    const layer = second;
    const seen = watch(layer);
    // It needs what is lost.
    await layer.onMaster((session) => session.execute('CREATE TABLE only_there (id VARCHAR(64) PRIMARY KEY)'));
    await layer.database.write(layer.causalities.of('ann'), bind(addOnlyThere, 'refused'));
    await writeAs(layer, 'ann', 'kept');
    await cluster.node('a').kill();
    await until('the master is missed', () => layer.control.mode().mode !== 'normal');
    await cluster.node('b').promote();
    await until('it is told why it is not followed, and what can be done', () =>
      /cannot be followed: .*too long ago.*recycle with an override/.test(layer.control.mode().reason),
    );

    const wanted = settings(['b', 'a']);
    const { name } = wanted.sources[0].source;
    const plan = await layer.control.plan(wanted);
    expect(plan).toMatchObject({ possible: false, overridable: { name } });
    expect(plan.reason).toMatch(/\(master\): It left the old master too long ago/);
    expect(plan.overridable?.accepts).toEqual([
      `History of ${name}: Acknowledged writes that it lacks are given up; how many is not known. ` +
        'What is kept here is carried over: 2 acknowledged writes.',
    ]);
    const refused = await layer.control.recycle(wanted, nothing);
    expect(refused).toMatchObject({ outcome: 'failed-nothing-changed' });
    expect(refused.summary).toContain(plan.reason);
    expect(await layer.control.recycle(wanted, nothing, { override: `${name}x` })).toMatchObject({
      outcome: 'failed-nothing-changed',
      generation: 1,
    });
    expect(seen.of('recycle_overridden')).toEqual([]);

    const result = await layer.control.recycle(wanted, nothing, overriding(wanted));
    expect(result).toMatchObject({
      outcome: 'succeeded',
      generation: 2,
      overridden: { loss: { givenUp: null, carriedOver: 1 } },
    });
    expect(result.summary).toMatch(/Overridden: History of .*how many is not known/);
    expect(seen.of('recycle_overridden')).toMatchObject([
      { severity: 'error', source: name, detail: { given_up: null, carried_over: 1 } },
    ]);
    // Every page looks whether its own messages are there, and sends again what is not.
    expect(seen.masters).toEqual([{ name, forced: true }]);
    expect(layer.control.mode().mode).toBe('normal');
    expect([await isThere(layer, 'given-up'), await isThere(layer, 'kept')]).toEqual([false, true]);
    await writeAs(layer, 'ann', 'afterwards');
    expect(await readAs(layer, 'ann', 'afterwards')).toBe(true);
  });

  it('leads to a lower timeline: no read waits for the history that was given up, none is stale, nobody of it is followed', async () => {
    replicated = await startReplicatedOn(engine, { overrides: { WriteHoldLimitMilliseconds: 1_000 } });
    const { cluster, layer, settings, source } = replicated;
    const [a, b, c] = [cluster.node('a'), cluster.node('b'), cluster.node('c')];
    const recycled = async (...nodes: string[]) =>
      expect(await layer.control.recycle(settings(nodes), nothing)).toMatchObject({ outcome: 'succeeded' });
    await c.cutReplication();
    await b.promote();
    await recycled('b', 'c');
    await writeAs(layer, 'ann', 'under-b');
    await a.rebuild(b);
    await a.promote();
    await recycled('a', 'c');
    await writeAs(layer, 'ann', 'under-a');
    const given = layer.causalities.of('ann').token;
    await c.promote();

    const wanted = settings(['c', 'a']);
    const seen = watch(layer);
    const plan = await layer.control.plan(wanted);
    expect(plan.reason).toMatch(/It is on timeline 2 and the running master on 3: it was not promoted from it/);
    expect(plan.overridable?.accepts.join()).toMatch(
      /how many is not known.*:\d+\/holdfast is still there and has them all/,
    );
    expect(await layer.control.recycle(wanted, nothing)).toMatchObject({ outcome: 'failed-nothing-changed' });
    expect(await layer.control.recycle(wanted, nothing, overriding(wanted))).toMatchObject({ outcome: 'succeeded' });
    expect(seen.of('recycle_overridden')).toHaveLength(1);
    expect([await isThere(layer, 'under-b'), await isThere(layer, 'under-a')]).toEqual([false, true]);

    // The former master accepts writes on a later timeline, and lacks what is written now.
    await writeAs(layer, 'ann', 'under-c');
    await until('it is seen', () => source('a').observed_role === 'master');
    await c.kill();
    await until('nobody is followed', () => layer.control.mode().mode === 'read-only');
    expect(layer.control.mode().reason).toMatch(/does not come from the history of the lost master/);
    await c.start();
    await until('it is back', () => layer.control.mode().mode === 'normal');

    await a.rebuild(c);
    await until('a replica serves', () => source('a').health === 'online');
    await a.pauseReplay();
    layer.causalities.of('ann').raise(given);
    await writeAs(layer, 'ann', 'late');
    // From a page that was open all the time.
    layer.causalities.of('ann').raise(given);
    expect(await readAs(layer, 'ann', 'late')).toBe(true);
    expect(layer.causalities.of('bob').token).toBeUndefined();
    layer.causalities.of('bob').raise(given);
    expect(await readAs(layer, 'bob', 'under-c')).toBe(true);
    await a.resumeReplay();
    // Two databases are rebuilt and three recycles made.
  }, 180_000);

  it('takes a server that is too old and a schema of another version, and nothing that cannot work', async () => {
    const own = await openTestDatabase({ engine });
    let old = false;
    let schema: { ok: boolean; text: string; unusable?: boolean } = { ok: true, text: 'As wanted.' };
    const real = dialectOf(engine);
    const dialect: Dialect = {
      ...real,
      probe: async (connection, timeoutMs) => {
        const reading = await real.probe(connection, timeoutMs);
        return old ? { ...reading, versionNumber: 1 } : reading;
      },
    };
    const layer = await openDatabase(testSettings(own.url), { dialect, schemaCheck: async () => schema });
    try {
      const seen = watch(layer);
      const wanted = testSettings(own.url, { MaxOpenConns: 7 });
      [old, schema] = [true, { ok: false, text: 'Its schema has version 1.' }];
      const { overridable } = await layer.control.plan(wanted);
      expect(overridable?.accepts).toEqual([
        expect.stringMatching(/^Version of .*: Statements may fail/),
        expect.stringMatching(/^Schema of .*: Statements that its schema does not know fail\.$/),
      ]);
      expect(await layer.control.recycle(wanted, nothing)).toMatchObject({ outcome: 'failed-nothing-changed' });
      const result = await layer.control.recycle(wanted, nothing, overriding(wanted));
      expect(result).toMatchObject({ outcome: 'succeeded', overridden: { loss: undefined } });
      expect(result.summary).toMatch(/Overridden: Version of .* Schema of .*: Its schema has version 1\.$/);
      expect(seen.of('recycle_overridden')).toMatchObject([{ severity: 'error', detail: { given_up: 0 } }]);
      expect(seen.masters).toEqual([]);

      schema = { ok: false, text: 'It has none.', unusable: true };
      expect(await layer.control.plan(wanted)).toMatchObject({
        reason: expect.stringContaining('It has none.'),
        overridable: null,
      });
      expect(await layer.control.recycle(wanted, nothing, overriding(wanted))).toMatchObject({
        outcome: 'failed-nothing-changed',
        generation: 2,
      });
    } finally {
      await layer.close();
      await own.stop();
    }
  });
});
