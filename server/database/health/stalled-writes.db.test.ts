import { afterEach, expect, it } from 'vitest';
import { putOnSmallDisk, type SmallDisk, whyNoSmallDisk } from '../../../tools/faults/index.ts';
import type { DriverName } from '../data-source/data-source.ts';
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

const insert = statement('test.late', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
const count = statement('test.count', 'SELECT COUNT(*) AS n FROM ledger');
const holdLimitMs = 2_000;

let world: Replicated<FaultyCluster>;
let disk: SmallDisk | undefined;
afterEach(async () => {
  await world.cluster.node('a').kill();
  disk?.remove();
  disk = undefined;
  await world.stop();
});

interface Stall {
  readonly title: string;
  /** Keeps commits from ending, while the database answers everything else. */
  make(): Promise<unknown>;
  undo(): Promise<unknown>;
  readonly cause: RegExp;
}

const master = () => world.cluster.node('a');
const run = async (...texts: readonly string[]): Promise<void> => {
  for (const text of texts) await master().query(text);
};

const stalls: Readonly<Record<DriverName, Stall>> = {
  postgres: {
    title: 'since a synchronous replica is missing',
    make: () => run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", 'SELECT pg_reload_conf()'),
    undo: () => run('ALTER SYSTEM RESET synchronous_standby_names', 'SELECT pg_reload_conf()'),
    cause: /Commits wait for a synchronous replica: bring one back, or take it out of synchronous_standby_names\./,
  },
  mysql: {
    title: 'since there is no room for its binary log',
    async make() {
      disk?.fill();
    },
    // It looks for room once a minute.
    async undo() {
      disk?.free();
      await master().kill();
      await master().start();
    },
    cause: /No space left on a disk of its own, .* Make room: it looks once a minute\./,
  },
};

describeEngines('a master whose writes do not end', (engine) => {
  const { title, make, undo, cause } = stalls[engine];
  const why = engine === 'mysql' ? whyNoSmallDisk() : undefined;

  it.skipIf(why !== undefined)(`${title}: they are held, then refused with the reason, and go on once`, async () => {
    world = await startReplicatedOn(engine, { overrides: { WriteHoldLimitMilliseconds: holdLimitMs } });
    const { cluster, layer, source } = world;
    if (engine === 'mysql') {
      await master().stopFast();
      disk = putOnSmallDisk(`${cluster.node('a').dataDirectory}.log`, 64);
      await master().start();
      await until('it serves', () => layer.control.mode().mode === 'normal' && source('a').health === 'online');
    }
    const load = new LedgerLoad(layer, 4);
    await load.more(100);
    await make();
    await until('writes are held', () => layer.control.mode().mode === 'switching');
    expect(source('a')).toMatchObject({ health: 'suspect', observed_role: 'master' });
    expect(source('a').cause).toMatch(/^It answers, but its writes do not end\. /);
    expect(source('a').cause).toMatch(cause);
    const warnings = source('a').disk.warnings.map(({ kind }) => kind);
    expect(warnings).toEqual(engine === 'mysql' ? ['disk_full'] : []);
    expect(await layer.database.readLatest(count)).toHaveLength(1);
    await until('writes are refused', () => layer.control.mode().mode === 'read-only');
    expect(layer.control.mode().reason).toMatch(cause);
    const began = Date.now();
    await expect(layer.database.write(layer.causalities.of('ann'), bind(insert, 'late'))).rejects.toMatchObject({
      kind: 'held',
    });
    expect(Date.now() - began).toBeLessThan(1_000);
    // Those that were under way when it began have been let go.
    await until('nobody waits for the database', () => source('a').in_flight === 0);
    const before = load.report.total;
    await undo();
    await until(
      'writes go on',
      () => layer.control.mode().mode === 'normal' && load.report.total > before + 50,
      40_000,
    );
    expect(source('a')).toMatchObject({ health: 'online', assigned_role: 'master' });
    const report = await load.stop();
    expect(report.stale).toBe(0);
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(world.events.map(({ kind }) => kind)).not.toContain('failed_over');
  });
});
