import { afterEach, describe, expect, inject, it } from 'vitest';
import { type MariadbTestCluster, startMariadbCluster } from './testing.ts';

let servers: MariadbTestCluster | undefined;
afterEach(async () => {
  await servers?.stop();
  servers = undefined;
});

describe.skipIf(inject('mysqlUrl') === '')('a MariaDB node', () => {
  it('that was the first master has everything again when it is rebuilt as a replica', async () => {
    servers = await startMariadbCluster({ replicas: 1 });
    const [a, b] = [servers.cluster.node('my-a'), servers.cluster.node('my-b')];
    await a.query('CREATE TABLE holdfast.kept (n INT)', 'INSERT INTO holdfast.kept VALUES (1)');
    await b.catchUp(a);
    await b.promote();
    await b.query('INSERT INTO holdfast.kept VALUES (2)');
    await a.rebuild(b);
    await a.catchUp(b);
    expect(await a.query('SELECT n, @@read_only AS locked FROM holdfast.kept ORDER BY n')).toEqual([
      { n: 1, locked: 1 },
      { n: 2, locked: 1 },
    ]);
  });
});
