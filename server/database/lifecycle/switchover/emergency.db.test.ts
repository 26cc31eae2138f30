import { afterEach, expect, it } from 'vitest';
import { compareLedger, LedgerLoad, type Replicated, startReplicated, until } from '../../testing/index.ts';

let replicated: Replicated | undefined;
afterEach(async () => {
  await replicated?.stop();
  replicated = undefined;
});

const nothing = (): void => undefined;

it('moves to a replica when the master is lost, and carries over what it lacks', async () => {
  replicated = await startReplicated({ replicas: 1 });
  const { cluster, layer, source } = replicated;
  const name = source('pg-b').name;
  const load = new LedgerLoad(layer, 4);
  await load.more(100);
  cluster.node('pg-b').cutReplication();
  await until('it is cut off', () => source('pg-b').health === 'suspect');
  await load.more(100);
  await cluster.node('pg-a').kill();
  await until('the master is known to be lost', () => source('pg-a').health === 'offline');

  const planned = await layer.control.planSwitchover({ name, emergency: true });
  expect(planned).toMatchObject({ possible: true, emergency: true });
  expect(planned.loss).toMatch(
    /lacks about \d+ bytes, \d+ acknowledged writes\. They are kept here and are carried over/,
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
  replicated = await startReplicated();
  const { cluster, layer, source } = replicated;
  const load = new LedgerLoad(layer, 2);
  cluster.node('pg-b').cutReplication();
  await until('it is cut off', () => source('pg-b').health === 'suspect');
  await load.more(50);
  await load.stop();
  await cluster.node('pg-a').kill();
  await until('the master is known to be lost', () => source('pg-a').health === 'offline');
  const behind = await layer.control.planSwitchover({ name: source('pg-b').name, emergency: true });
  expect(behind.reason).toContain(`${source('pg-c').name} has replayed more`);
  const ahead = await layer.control.planSwitchover({ name: source('pg-c').name, emergency: true });
  expect(ahead).toMatchObject({ possible: true });
});
