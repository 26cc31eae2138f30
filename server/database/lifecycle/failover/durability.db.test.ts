import { afterEach, describe, expect, it } from 'vitest';
import { compareLedger, LedgerLoad, type Replicated, startReplicated, until } from '../../testing/index.ts';

let it3: Replicated;
afterEach(() => it3.stop());

const durability = () => it3.layer.control.status().durability;
const events = (kind: string) => it3.events.filter((event) => event.kind === kind);
const applied = (): number =>
  events('writes_carried_over').reduce((sum, { detail }) => sum + Number(detail['applied']), 0);

async function configure(settings: Record<string, string>): Promise<void> {
  const master = it3.cluster.node('pg-a');
  for (const [name, value] of Object.entries(settings)) await master.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await master.query('SELECT pg_reload_conf()');
}

describe('a synchronous mode', () => {
  it('is seen, and so is that it is not kept or weakened', async () => {
    it3 = await startReplicated();
    const { cluster } = it3;
    expect(durability()).toMatchObject({ mode: 'asynchronous', met: null });
    await configure({ synchronous_standby_names: 'FIRST 1 ("pg-b")' });
    await until('it is kept', () => durability().mode === 'synchronous' && durability().met === true);
    cluster.node('pg-b').cutReplication();
    await until('it is not kept', () => durability().met === false);
    expect(durability().text).toMatch(/Only 0 of 1 are connected: writes wait/);
    await cluster.node('pg-b').restoreReplication(cluster.node('pg-a'));
    await until('it is kept again', () => durability().met === true);
    await configure({ synchronous_commit: 'remote_apply' });
    await until('it is visible', () => durability().mode === 'synchronous-visible');
    await configure({ synchronous_commit: 'local' });
    await until('it is weakened', () => durability().mode === 'asynchronous');
    expect(durability()).toMatchObject({ met: false, text: expect.stringMatching(/do not wait for it/) as string });
    expect(events('durability_unmet').length).toBe(2);
  });

  it('loses nothing when the master dies, without any help of the journal', async () => {
    for (let run = 0; run < 3; run++) {
      if (run > 0) await it3.stop();
      it3 = await startReplicated();
      const { cluster, layer } = it3;
      await configure({ synchronous_standby_names: 'FIRST 1 ("pg-b")' });
      await until('it is kept', () => durability().met === true);
      const load = new LedgerLoad(layer, 4);
      await load.more(200);
      await cluster.node('pg-a').kill();
      await cluster.node('pg-b').promote();
      await load.more(100);
      const report = await load.stop();
      expect(report.errors).toEqual([]);
      expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
      expect(applied()).toBe(0);
    }
  });
});

describe('asynchronous replication that stands still', () => {
  it('loses what the status said, but for the journal, which brings exactly that over', async () => {
    // One replica: of two, the one that is promoted might have a little less than the other, and than the status said.
    it3 = await startReplicated({ replicas: 1 });
    const { cluster, layer, source } = it3;
    const load = new LedgerLoad(layer, 2);
    await load.more(50);
    cluster.node('pg-b').cutReplication();
    await until('the link is down', () => source('pg-b').health === 'suspect');
    await load.more(200);
    const report = await load.stop();
    const { at_risk_writes: atRisk, text } = durability();
    expect(atRisk).toBeGreaterThanOrEqual(200);
    expect(text).toContain(`no replica has ${atRisk} acknowledged writes of this server`);
    await cluster.node('pg-a').kill();
    await cluster.node('pg-b').promote();
    await until('pg-b is followed', () => layer.control.mode().mode === 'normal' && events('failed_over').length > 0);
    expect(applied()).toBe(atRisk);
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  });
});
