import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dialectOf } from '../../dialect/index.ts';
import type { DriverName } from '../../data-source/data-source.ts';
import type { Switching } from '../../dialect/switching.ts';
import { bind, statement } from '../../index.ts';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  hasEngine,
  isFenced,
  LedgerLoad,
  MemoryNotes,
  type Replicated,
  startReplicatedOn,
  until,
  withConnection,
} from '../../testing/index.ts';
import type { SwitchoverResult, SwitchoverUpdate } from './index.ts';

const sleep = {
  postgres: statement('test.sleep', 'INSERT INTO ledger (id, author, n) SELECT $1, 9, 1 FROM pg_sleep($2::float8)'),
  mysql: statement('test.sleep', 'INSERT INTO ledger (id, author, n) SELECT $1, 9, SLEEP($2)'),
};
/** What a person runs in the end, to make a replica a master. */
const lastCommand = { postgres: /pg_promote\(true, 60\);$/, mysql: /MASTER_GTID_WAIT.* SET GLOBAL read_only = 0;$/ };
const add = statement('test.add', 'INSERT INTO ledger (id, author, n) VALUES ($1, 9, 1)');
/** What a session begins, and does not end, that keeps the fence from being complete. */
const openEnded = { postgres: ['BEGIN', 'SELECT 1'], mysql: ['LOCK TABLES held_up WRITE'] };
const nothing = (): void => undefined;

type Both = Replicated<FaultyCluster>;
type Options = Parameters<typeof startReplicatedOn>[1] & { readonly engine?: DriverName };

let running: Both | undefined;
let notes = new MemoryNotes();
let switching: Partial<Switching> = {};

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A cluster with a layer whose switching steps a test may replace. */
function open({ engine = 'postgres', ...options }: Options = {}): Promise<Both> {
  notes = new MemoryNotes();
  switching = {};
  const dialect = dialectOf(engine);
  const replaced = new Proxy(dialect.switching, {
    get: (original, name: keyof Switching) => switching[name] ?? original[name],
  });
  const deps = { switchoverNotes: notes, dialect: { ...dialect, switching: replaced } };
  return startReplicatedOn(engine, { ...options, deps });
}

/** The same for one test, which may leave it in any state. */
async function start(options: Options = {}): Promise<Both> {
  running = await open(options);
  return running;
}

const nameOf = ({ source }: Both, node: string): string => source(node).name;
const moveTo = (replicated: Both, node: string, signal?: AbortSignal): Promise<SwitchoverResult> =>
  replicated.layer.control.switchover({ name: nameOf(replicated, node) }, nothing, signal);
const forbidden = (): Error =>
  Object.assign(new Error('permission denied for function pg_promote'), { code: '42501', severity: 'ERROR' });

describeEngines('a planned switchover under load', (engine) => {
  it('moves the master: nothing lost, nothing doubled, no error, and the old master refuses writes', async () => {
    const replicated = await start({ engine });
    const { cluster, layer, source, events } = replicated;
    const load = new LedgerLoad(layer, 20);
    await load.more(400);
    const steps: SwitchoverUpdate[] = [];
    const result = await layer.control.switchover({ name: nameOf(replicated, 'b') }, (step) => steps.push(step));
    await load.more(400);
    const report = await load.stop();

    expect(result).toMatchObject({ outcome: 'succeeded', generation: 2, writesFailed: 0 });
    expect(result.summary).toMatch(/is the master now\. Writes waited \d+ ms\. .* is fenced/);
    expect(result.writeHoldMs).toBeGreaterThan(0);
    expect(steps.filter(({ state }) => state === 'done')).toHaveLength(10);
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(source('b')).toMatchObject({ assigned_role: 'master', health: 'online' });
    await until('the other replica follows', () => source('c').health === 'online');
    const written = withConnection(cluster.node('a').url(), (connection) =>
      connection.execute({ text: 'CREATE TABLE written_directly (n BIGINT)' }, [], 5_000),
    );
    await expect(written).rejects.toThrow(/read-only/);
    await until('the old master is seen to be fenced', () => source('a').observed_role === 'read-only');
    expect(source('a').cause).toMatch(/former master/);
    expect(events.map(({ kind }) => kind)).not.toContain('two_masters');
    expect(notes.phases).toEqual(['fencing', 'promoting', 'moved']);
  });
});

describe('a planned switchover', () => {
  it('moves again and again, the old master rebuilt each time', async () => {
    const replicated = await start();
    const { cluster, layer, source } = replicated;
    const load = new LedgerLoad(layer, 20);
    await load.more(200);
    const holds: number[] = [];
    const nodes = ['a', 'b', 'c'];
    const times = Number(process.env['HOLDFAST_SWITCHOVERS'] ?? 2);
    for (let round = 1; round <= times; round++) {
      const next = nodes[round % 3] ?? '';
      const former = nodes[(round - 1) % 3] ?? '';
      const result = await moveTo(replicated, next);
      expect(result).toMatchObject({ outcome: 'succeeded', writesFailed: 0 });
      holds.push(Math.round(result.writeHoldMs));
      await load.more(100);
      await cluster.node(former).rebuild(cluster.node(next));
      await until(`${former} serves again`, () => source(former).health === 'online');
    }
    const report = await load.stop();
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(Math.max(...holds)).toBeLessThan(5_000);
    if (times > 2) process.stdout.write(`write pauses in ms: ${holds.toSorted((a, b) => a - b).join(' ')}\n`);
  }, 600_000);

  it('takes a fence away that the candidate carries from a former life', async () => {
    const replicated = await start();
    await replicated.cluster.node('b').query('ALTER SYSTEM SET default_transaction_read_only = on');
    await replicated.cluster.node('b').query('SELECT pg_reload_conf()');
    await until('it carries a fence', async () => {
      const [row] = await replicated.cluster.node('b').query('SHOW default_transaction_read_only');
      return row?.['default_transaction_read_only'] === 'on';
    });
    expect(await moveTo(replicated, 'b')).toMatchObject({ outcome: 'succeeded' });
    await replicated.layer.database.write(replicated.layer.causalities.of('ann'), bind(add, 'afterwards'));
  });
});

/** Runs a switchover to pg-b that must fail and leave everything as it was, under load. */
async function refused(replicated: Both, signal?: AbortSignal): Promise<SwitchoverResult> {
  const { layer, source } = replicated;
  const load = new LedgerLoad(layer, 4);
  await load.more(20);
  const result = await moveTo(replicated, 'b', signal);
  await load.more(50);
  const report = await load.stop();
  expect(result.generation).toBe(1);
  expect(report).toMatchObject({ errors: [], stale: 0 });
  expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  expect(await isFenced(replicated.cluster.node('a').url())).toBe(false);
  expect(source('a')).toMatchObject({ assigned_role: 'master', observed_role: 'master' });
  expect(layer.control.mode().mode).toBe('normal');
  expect(notes.note).toBeUndefined();
  return result;
}

const nothingChanged = { outcome: 'failed-nothing-changed' };

describeEngines('a switchover that fails before the promotion leaves a writable master and says why', (engine) => {
  let replicated: Both;
  beforeAll(async () => {
    replicated = await open({ engine });
  });
  afterAll(() => replicated.stop());
  beforeEach(async () => {
    switching = {};
    await replicated.layer.onMaster((session) => session.execute('DELETE FROM ledger'));
    await replicated.cluster.node('b').resumeReplay();
    await until('every database serves', () =>
      replicated.layer.control.status().sources.every(({ health }) => health === 'online'),
    );
  });

  it('because another server moves the master', async () => {
    await withConnection(replicated.cluster.node('a').url(), async (connection, { switching: { lock } }) => {
      expect(await lock(connection, 5_000)).toBe(true);
      const result = await refused(replicated);
      expect(result).toMatchObject(nothingChanged);
      expect(result.summary).toContain('Another server is moving the master');
    });
  });

  it('because a write does not end', async () => {
    const { layer } = replicated;
    const long = layer.database.write(layer.causalities.of('ann'), bind(sleep[engine], 'long', 4));
    const result = await refused(replicated);
    expect(result).toMatchObject(nothingChanged);
    expect(result.summary).toMatch(/Writes in flight on .* did not end/);
    await long;
  });

  it('because the fence cannot be complete', async () => {
    const node = replicated.cluster.node('a');
    // Nobody may end a superuser's session on PostgreSQL, and on MariaDB the fence leaves those of our own user alone.
    await withConnection(engine === 'postgres' ? node.adminUrl('holdfast') : node.url(), async (connection) => {
      await connection.execute({ text: 'CREATE TABLE IF NOT EXISTS held_up (n INT)' }, [], 5_000);
      for (const text of openEnded[engine]) await connection.execute({ text }, [], 5_000);
      const result = await refused(replicated);
      expect(result).toMatchObject(nothingChanged);
      expect(result.summary).toMatch(
        /Sessions of superusers keep transactions open|A write or a lock on tables does not end/,
      );
    });
  });

  it('because the candidate does not catch up', async () => {
    switching.fence = async (...given) => {
      await replicated.cluster.node('b').pauseReplay();
      await replicated.cluster.node('a').query('CREATE TABLE only_there (n INT)');
      await dialectOf(engine).switching.fence(...given);
    };
    const result = await refused(replicated);
    expect(result).toMatchObject(nothingChanged);
    expect(result.summary).toMatch(/did not catch up within .* lacked/);
  });

  it('because the promotion is refused', async () => {
    switching.promote = () => Promise.reject(forbidden());
    const result = await refused(replicated);
    expect(result).toMatchObject(nothingChanged);
    expect(result.summary).toContain('refused to be promoted: permission denied');
  });

  it('because somebody cancels it', async () => {
    const cancel = new AbortController();
    switching.fence = async (...given) => {
      await dialectOf(engine).switching.fence(...given);
      cancel.abort();
    };
    const result = await refused(replicated, cancel.signal);
    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(result.summary).toContain('Somebody cancelled it. Nothing changed');
  });
});

describeEngines('a switchover that fails before the promotion', (engine) => {
  it('because the master dies in it opens the master again when it is back', async () => {
    const replicated = await start({ engine });
    const { cluster, source } = replicated;
    switching.fence = async (...given) => {
      await dialectOf(engine).switching.fence(...given);
      await cluster.node('a').kill();
    };
    const result = await moveTo(replicated, 'b');
    expect(result.outcome).toBe('failed-after-switch');
    expect(result.summary).toContain(dialectOf(engine).switching.commands.unfence.join(' '));
    await cluster.node('a').start();
    await until('its fence is gone', async () => !(await isFenced(replicated.cluster.node('a').url())));
    await until('the note is gone', () => notes.note === undefined);
    await until('it serves', () => source('a').health === 'online' && source('a').observed_role === 'master');
  });

  it('because it may not promote and nobody does it says not to do it any more', async () => {
    const replicated = await start({ engine, overrides: { WriteHoldLimitMilliseconds: 3_000 } });
    switching.missingForPromotion = () => Promise.resolve(['GRANT ...;']);
    const result = await refused(replicated);
    expect(result).toMatchObject(nothingChanged);
    expect(result.summary).toMatch(/was not promoted within .* Do not promote it now/);
  });
});

describe('after the promotion there is no way back', () => {
  it('when the new master dies at once, the old one stays fenced and the operation says what to do', async () => {
    const replicated = await start();
    switching.promote = async (...given) => {
      await dialectOf('postgres').switching.promote(...given);
      await until('it is promoted', async () => {
        const [row] = await replicated.cluster.node('b').query('SELECT pg_is_in_recovery() AS replica');
        return row?.['replica'] === false;
      });
      await replicated.cluster.node('b').kill();
    };
    const result = await moveTo(replicated, 'b');
    expect(result).toMatchObject({ outcome: 'failed-after-switch', generation: 1 });
    expect(result.summary).toMatch(/stays fenced\. When .* accepts writes, it is followed/);
    expect(await isFenced(replicated.cluster.node('a').url())).toBe(true);
    await until('nobody may write', () => replicated.layer.control.mode().mode !== 'normal');
    await replicated.cluster.node('b').start();
    await until('it is followed', () => replicated.source('b').assigned_role === 'master');
    await until('writes go on', () => replicated.layer.control.mode().mode === 'normal');
  });
});

describe.skipIf(!hasEngine('mysql'))('a promotion on MariaDB', () => {
  it.each([[['STOP REPLICA IO_THREAD']], [['STOP REPLICA', 'RESET REPLICA ALL']]])(
    'is finished when the connection breaks after %s',
    async (done) => {
      const replicated = await start({ engine: 'mysql' });
      switching.promote = async (connection) => {
        delete switching.promote;
        for (const text of done) await replicated.cluster.node('b').query(text);
        connection.destroy();
        throw Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
      };
      expect(await moveTo(replicated, 'b')).toMatchObject({ outcome: 'succeeded', generation: 2 });
      await replicated.layer.database.write(replicated.layer.causalities.of('ann'), bind(add, 'afterwards'));
    },
  );
});

describeEngines('a person may promote', (engine) => {
  it('who is shown what to run, and watched', async () => {
    const replicated = await start({ engine });
    const { cluster, layer } = replicated;
    switching.missingForPromotion = () => Promise.resolve(['GRANT ...;']);
    const asked: SwitchoverUpdate[] = [];
    const name = nameOf(replicated, 'b');
    const result = await layer.control.switchover({ name }, (update) => {
      if (update.asks === undefined) return;
      asked.push(update);
      void withConnection(cluster.node('b').adminUrl(), async (connection) => {
        for (const text of update.asks?.commands ?? []) await connection.execute({ text }, [], 5_000);
      });
    });
    const [commands = []] = asked.map(({ asks }) => asks?.commands);
    expect(commands.join(' ')).toMatch(lastCommand[engine]);
    expect(asked).toEqual([
      {
        name: 'Promote',
        state: 'running',
        detail: `Run on ${name} now: ${commands.join(' ')}`,
        asks: { source: name, text: `Run this on ${name} now.`, commands },
      },
    ]);
    expect(result).toMatchObject({ outcome: 'succeeded', generation: 2 });
    expect(replicated.events.map(({ kind }) => kind)).not.toContain('failed_over');
  });
});

describe('one at a time', () => {
  it('follows no promotion made elsewhere while it waits for a person to promote, and follows it afterwards', async () => {
    const replicated = await start();
    const { cluster, layer, source, events } = replicated;
    switching.missingForPromotion = () => Promise.resolve(['GRANT ...;']);
    await cluster.node('a').kill();
    await until('the master is known to be lost', () => source('a').health === 'offline');
    const name = nameOf(replicated, 'b');
    const cancel = new AbortController();
    let asked = false;
    const request = { name, emergency: true, confirmation: name };
    const waiting = layer.control.switchover(request, (step) => (asked ||= step.name === 'Promote'), cancel.signal);
    await until('a person is asked', () => asked);

    await cluster.node('c').promote();
    await until('it is seen', () => source('c').observed_role === 'master');
    for (let probes = 0; probes < 5; probes++) {
      const { checked_at: last } = source('c');
      await until('it is looked at again', () => source('c').checked_at > last);
    }
    expect(source('a')).toMatchObject({ assigned_role: 'master', generation: 1 });
    await expect(moveTo(replicated, 'c')).rejects.toThrow('Try again when it has ended.');

    cancel.abort();
    expect(await waiting).toMatchObject({ outcome: 'cancelled', generation: 1 });
    await until('it is followed', () => source('c').assigned_role === 'master');
    expect(events.map(({ kind }) => kind)).toContain('failed_over');
    await layer.database.write(layer.causalities.of('ann'), bind(add, 'afterwards'));
  });

  it('refuses a second switchover and a recycle meanwhile', async () => {
    const replicated = await start();
    const { layer, settings } = replicated;
    const first = moveTo(replicated, 'b');
    await expect(moveTo(replicated, 'c')).rejects.toThrow('Try again when it has ended.');
    await expect(layer.control.recycle(settings(['a']), nothing)).rejects.toThrow('A switchover is running.');
    expect(await first).toMatchObject({ outcome: 'succeeded' });
    const recycled = await layer.control.recycle(settings(['b', 'a', 'c']), nothing);
    expect(recycled).toMatchObject({ outcome: 'succeeded', writeHoldMs: 0 });
  });
});
