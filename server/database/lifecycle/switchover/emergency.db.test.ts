import { afterEach, expect, it } from 'vitest';
import {
  compareLedger,
  describeEngines,
  type FaultyCluster,
  LedgerLoad,
  type Replicated,
  startReplicatedOn,
  until,
} from '../../testing/index.ts';

let replicated: Replicated<FaultyCluster> | undefined;
afterEach(async () => {
  await replicated?.stop();
  replicated = undefined;
});

const nothing = (): void => undefined;

describeEngines('the emergency path', (engine) => {
  it('moves to a replica when the master is lost, and carries over what it lacks', async () => {
    replicated = await startReplicatedOn(engine, { replicas: 1 });
    const { cluster, layer, source } = replicated;
    const name = source('b').name;
    const load = new LedgerLoad(layer, 4);
    await load.more(100);
    await cluster.node('b').cutReplication();
    await until('it is cut off', () => source('b').health === 'suspect');
    await load.more(100);
    await cluster.node('a').kill();
    await until('the master is known to be lost', () => source('a').health === 'offline');

    const planned = await layer.control.planSwitchover({ name, emergency: true });
    expect(planned).toMatchObject({ possible: true, emergency: true });
    expect(planned.loss).toMatch(
      /lacks (?:about \d+|an unknown number of) bytes, \d+ acknowledged writes\. They are kept here and are carried over/,
    );
    const unconfirmed = await layer.control.switchover({ name, emergency: true }, nothing);
    expect(unconfirmed.summary).toContain('needs the name of the new master');

    const result = await layer.control.switchover({ name, emergency: true, confirmation: name }, nothing);
    expect(result).toMatchObject({ outcome: 'succeeded', generation: 2 });
    expect(result.summary).toContain('could not be fenced: keep it from coming back');
    await load.more(50);
    const report = await load.stop();
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
    expect(layer.control.mode().mode).toBe('normal');
  });

  it('chooses the replica that has more', async () => {
    replicated = await startReplicatedOn(engine);
    const { cluster, layer, source } = replicated;
    const load = new LedgerLoad(layer, 2);
    await cluster.node('b').cutReplication();
    await until('it is cut off', () => source('b').health === 'suspect');
    await load.more(50);
    await load.stop();
    await cluster.node('a').kill();
    await until('the master is known to be lost', () => source('a').health === 'offline');
    const behind = await layer.control.planSwitchover({ name: source('b').name, emergency: true });
    expect(behind.reason).toContain(`${source('c').name} has replayed more`);
    const ahead = await layer.control.planSwitchover({ name: source('c').name, emergency: true });
    expect(ahead).toMatchObject({ possible: true });
  });
});
