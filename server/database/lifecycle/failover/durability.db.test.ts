import { afterEach, expect, it } from 'vitest';
import type { DriverName } from '../../data-source/data-source.ts';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  until,
} from '../../testing/index.ts';

let it3: Replicated<FaultyCluster>;
afterEach(() => it3.stop());

const durability = () => it3.layer.control.status().durability;
const events = (kind: string) => it3.events.filter((event) => event.kind === kind);
const applied = (): number =>
  events('writes_carried_over').reduce((sum, { detail }) => sum + Number(detail['applied']), 0);

async function on(node: string, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await it3.cluster.node(node).query(sql);
}

/** Lets each commit wait for `b`, for ever. */
const synchronise: Readonly<Record<DriverName, () => Promise<void>>> = {
  postgres: () => on('a', `ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ("pg-b")'`, 'SELECT pg_reload_conf()'),
  async mysql() {
    await on('b', 'SET GLOBAL rpl_semi_sync_slave_enabled = 1', 'STOP REPLICA', 'START REPLICA');
    await on('a', 'SET GLOBAL rpl_semi_sync_master_timeout = 3600000', 'SET GLOBAL rpl_semi_sync_master_enabled = 1');
  },
};

/** The mode stays configured, and commits wait no more. */
const weaken: Readonly<Record<DriverName, () => Promise<void>>> = {
  postgres: () => on('a', "ALTER SYSTEM SET synchronous_commit = 'local'", 'SELECT pg_reload_conf()'),
  async mysql() {
    await it3.cluster.node('b').cutReplication();
    await on('a', 'SET GLOBAL rpl_semi_sync_master_timeout = 100', 'CREATE TABLE holdfast.unconfirmed (n INT)');
  },
};

describeEngines('a synchronous mode', (engine) => {
  it('is seen, and so is that it is not kept or weakened', async () => {
    it3 = await startReplicatedOn(engine);
    const { cluster } = it3;
    expect(durability()).toMatchObject({ mode: 'asynchronous', met: null });
    await synchronise[engine]();
    await until('it is kept', () => durability().mode === 'synchronous' && durability().met === true);
    await cluster.node('b').cutReplication();
    await until('it is not kept', () => durability().met === false);
    expect(durability().text).toMatch(/Only 0 of 1 are connected: writes wait/);
    await cluster.node('b').restoreReplication(cluster.node('a'));
    await until('it is kept again', () => durability().met === true);
    if (engine === 'postgres') {
      await on('a', "ALTER SYSTEM SET synchronous_commit = 'remote_apply'", 'SELECT pg_reload_conf()');
      await until('it is visible', () => durability().mode === 'synchronous-visible');
    }
    await weaken[engine]();
    await until('it is weakened', () => durability().mode === 'asynchronous');
    expect(durability()).toMatchObject({ met: false, text: expect.stringMatching(/do not wait for it/) as string });
    expect(events('durability_unmet').length).toBe(2);
  });

  it('loses nothing when the master dies, without any help of the journal', async () => {
    for (let run = 0; run < 3; run++) {
      if (run > 0) await it3.stop();
      it3 = await startReplicatedOn(engine);
      const { cluster, layer } = it3;
      await synchronise[engine]();
      await until('it is kept', () => durability().met === true);
      const load = new LedgerLoad(layer, 4);
      await load.more(200);
      await cluster.node('a').kill();
      await cluster.node('b').promote();
      await load.more(100);
      const report = await load.stop();
      expect(report.errors).toEqual([]);
      expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
      expect(applied()).toBe(0);
    }
  });
});

describeEngines('asynchronous replication that stands still', (engine) => {
  it('loses what the status said, but for the journal, which brings exactly that over', async () => {
    // One replica: of two, the one that is promoted might have a little less than the other, and than the status said.
    it3 = await startReplicatedOn(engine, { replicas: 1 });
    const { cluster, layer, source } = it3;
    const load = new LedgerLoad(layer, 2);
    await load.more(50);
    await cluster.node('b').cutReplication();
    await until('the link is down', () => source('b').health === 'suspect');
    await load.more(200);
    const report = await load.stop();
    const { at_risk_writes: atRisk, text } = durability();
    expect(atRisk).toBeGreaterThanOrEqual(200);
    expect(text).toContain(`no replica has ${atRisk} acknowledged writes of this server`);
    await cluster.node('a').kill();
    await cluster.node('b').promote();
    await until('b is followed', () => layer.control.mode().mode === 'normal' && events('failed_over').length > 0);
    expect(applied()).toBe(atRisk);
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  });
});
