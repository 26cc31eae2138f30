import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../../../tools/cluster/testing.ts';
import { type DataSource, parseDataSource } from '../data-source/index.ts';
import type { Connection } from './connection.ts';
import { postgresConnector } from './postgres-connector.ts';

const options = { connectTimeoutMs: 3_000, statementTimeoutMs: 3_000, applicationName: 'test' };
const inRecovery = { text: 'SELECT pg_is_in_recovery() AS replica' };

let started: TestCluster;
beforeAll(async () => {
  started = await startTestCluster({ replicas: 1 });
});
afterAll(() => started.stop());

/** A data source of both nodes, the replica first. */
function bothHosts(query: string): DataSource {
  const { cluster } = started;
  const url = new URL(cluster.node('pg-a').url());
  const hosts = [cluster.node('pg-b'), cluster.node('pg-a')].map(({ port }) => `127.0.0.1:${port}`);
  const text = `postgres://${url.username}:${url.password}@${hosts.join(',')}/postgres?${query}`;
  const parsed = parseDataSource(text, 'postgres');
  if (!('source' in parsed) || parsed.source === undefined) throw new Error('The data source does not parse.');
  return parsed.source;
}

async function openedOn(query: string): Promise<'master' | 'replica'> {
  const connection = await postgresConnector(bothHosts(query), options).open();
  const { rows } = await connection.execute(inRecovery, [], 3_000);
  await connection.close();
  return rows[0]?.['replica'] === true ? 'replica' : 'master';
}

describe('postgresConnector', () => {
  it('takes the first host that answers', async () => {
    expect(await openedOn('')).toBe('replica');
  });

  it.each([
    ['read-write', 'master'],
    ['primary', 'master'],
    ['standby', 'replica'],
    ['read-only', 'replica'],
  ])('takes the first host that is %s', async (wanted, role) => {
    expect(await openedOn(`target_session_attrs=${wanted}`)).toBe(role);
  });

  it('speaks without TLS to a server that has none, unless TLS is required', async () => {
    expect(await openedOn('sslmode=prefer')).toBe('replica');
    await expect(openedOn('sslmode=require')).rejects.toThrow('does not support SSL');
  });

  it('parts from a server that has fallen silent', async () => {
    const connection: Connection = await postgresConnector(bothHosts(''), options).open();
    started.cluster.node('pg-b').freeze();
    await connection.close();
    started.cluster.node('pg-b').thaw();
    expect(connection.usable).toBe(false);
  });

  it('keeps what the server quotes of rows out of its errors', async () => {
    const connection = await postgresConnector(bothHosts('target_session_attrs=primary'), options).open();
    await connection.execute({ text: 'CREATE TEMPORARY TABLE t (id text PRIMARY KEY)' }, [], 3_000);
    const insert = { text: "INSERT INTO t VALUES ('my secret')" };
    await connection.execute(insert, [], 3_000);
    const refused: unknown = await connection.execute(insert, [], 3_000).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: '23505' });
    expect(JSON.stringify(refused)).not.toContain('my secret');
    await connection.close();
  });
});
