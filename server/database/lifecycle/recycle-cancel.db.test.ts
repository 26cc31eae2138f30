import { afterEach, expect, it } from 'vitest';
import { bind, statement } from '../index.ts';
import { describeEngines, type FaultyCluster, type Replicated, startReplicatedOn, until } from '../testing/index.ts';
import type { RecycleResult, RecycleStep, StepUpdate } from './recycle.ts';

const add = statement('test.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const get = statement('test.get', 'SELECT id FROM ledger WHERE id = $1');
/** Sessions on the server that is asked: those of the layer's pools, on MariaDB those of its probes as well. */
const sessions = {
  postgres: statement(
    'test.sessions',
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'holdfast'",
  ),
  mysql: statement('test.sessions', "SELECT count(*) AS n FROM information_schema.processlist WHERE db = 'holdfast'"),
} as const;
/** Far below every limit of what these recycles wait for. */
const promptMs = 1_500;

let replicated: Replicated<FaultyCluster> | undefined;
afterEach(async () => {
  await replicated?.stop();
  replicated = undefined;
});

/** A recycle whose steps the test follows, and which it can cancel. */
function begin({ layer, settings }: Replicated<FaultyCluster>, nodes: readonly string[]) {
  const controller = new AbortController();
  const steps: StepUpdate[] = [];
  const running = (name: RecycleStep): boolean => steps.some((step) => step.name === name && step.state === 'running');
  let abortAt: RecycleStep | undefined;
  // Other settings of the pools, so that none of them is kept.
  const ended = layer.control.recycle(
    settings(nodes, { MaxOpenConns: 5 }),
    (step) => {
      steps.push(step);
      if (step.name === abortAt) controller.abort();
    },
    { signal: controller.signal },
  );
  return {
    steps,
    cancelWhen: (name: RecycleStep): Promise<RecycleResult> => {
      abortAt = name;
      return ended;
    },
    /** Waits until the step is under way, and cancels it there. */
    async cancelIn(name: RecycleStep, also: () => boolean = () => true): Promise<RecycleResult> {
      await until(`${name} is running`, () => running(name) && also());
      const asked = Date.now();
      controller.abort();
      const result = await ended;
      expect(Date.now() - asked).toBeLessThan(promptMs);
      return result;
    },
  };
}

describeEngines('a recycle that is cancelled', (engine) => {
  async function start(): Promise<Replicated<FaultyCluster>> {
    replicated = await startReplicatedOn(engine);
    return replicated;
  }

  /** As before: the same generation, an open gate, reads and writes, and no connection more than there was. */
  async function expectUntouched(before: number, result: RecycleResult, step: RecycleStep): Promise<void> {
    const { layer, events } = replicated as Replicated<FaultyCluster>;
    expect(result).toMatchObject({ outcome: 'cancelled', generation: 1 });
    expect(result.summary).toBe('Nothing changed; the previous connections are in use.');
    expect(events.at(-1)).toMatchObject({ kind: 'recycle_cancelled', severity: 'warning', detail: { step } });
    const { gate, mode, generation } = layer.control.status();
    expect([gate.state, mode.mode, generation]).toEqual(['open', 'normal', 1]);
    const id = `after ${step}`;
    await layer.database.write(layer.causalities.of('ann'), bind(add, id));
    expect(await layer.database.read(layer.causalities.of('ann'), get, id)).toHaveLength(1);
    await until('the new connections are closed', async () => (await countSessions()) <= before);
  }

  /** On the master, beyond those of the live pool. */
  async function countSessions(): Promise<number> {
    const { layer, source } = replicated as Replicated<FaultyCluster>;
    const [row] = await layer.database.readLatest(sessions[engine]);
    return Number(row?.['n']) - source('a').in_use - source('a').idle;
  }

  it('at any step before the hold changes nothing, and ends at once whatever it waits for', async () => {
    const it3 = await start();
    const { cluster, source } = it3;
    const before = await countSessions();

    await expectUntouched(before, await begin(it3, ['a', 'b', 'c']).cancelWhen('Check'), 'Check');
    for (const step of ['Open new connections', 'Verify'] as const) {
      // A frozen database answers neither a connect nor a check.
      const recycle = begin(it3, ['a', 'b', 'c']);
      cluster.node('c').freeze();
      try {
        await expectUntouched(before, await recycle.cancelIn(step), step);
      } finally {
        cluster.node('c').thaw();
      }
      expect(recycle.steps.at(-1)).toEqual({ name: step, state: 'skipped', detail: 'cancelled' });
      await until('it is back', () => source('c').health === 'online');
    }
  });

  it('while writes are held lets them go on where they were; after the switch it is not heard', async () => {
    const it3 = await start();
    const { cluster, layer, settings, source, events } = it3;
    await cluster.node('b').promote();
    await until('the promotion is noticed', () => events.some(({ kind }) => kind === 'two_masters'));
    const before = await countSessions();
    let endLong: () => void = () => undefined;
    const goOn = new Promise<void>((resolve) => {
      endLong = resolve;
    });
    const ann = layer.causalities.of('ann');
    const long = layer.database.transaction(ann, async (transaction) => {
      await transaction.query(add, 'long');
      await goOn;
    });
    await until('the long write is under way', () => source('a').in_use > 0);

    const recycle = begin(it3, ['b', 'a', 'c']);
    await until('writes are held', () => layer.control.status().gate.state === 'closed');
    const held = layer.database.write(layer.causalities.of('bob'), bind(add, 'held'));
    const result = await recycle.cancelIn('Hold writes', () => layer.control.status().gate.waiting === 1);
    expect(result).toMatchObject({ writesHeld: 1, writesFailed: 0 });
    await held;
    endLong();
    await long;
    await expectUntouched(before, result, 'Hold writes');
    for (const id of ['long', 'held']) expect(await layer.database.readLatest(get, id)).toHaveLength(1);
    expect(source('a').assigned_role).toBe('master');

    const controller = new AbortController();
    const done = await layer.control.recycle(
      settings(['b', 'a', 'c']),
      ({ name, state }) => {
        if (name === 'Switch' && state === 'done') controller.abort();
      },
      { signal: controller.signal },
    );
    expect(done).toMatchObject({ outcome: 'succeeded', generation: 2 });
    for (const id of ['long', 'held', 'after Hold writes']) {
      expect(await layer.database.readLatest(get, id)).toHaveLength(1);
    }
  });
});
