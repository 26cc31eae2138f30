import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { dialectOf } from '../dialect/index.ts';
import type { AssignedRole } from '../settings/settings.ts';
import { configured } from '../testing/members.ts';
import { testSettings } from '../testing/test-settings.ts';
import { type Network, testSource } from './test-source.ts';

const refuse = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error('the words of the system'), { code });
};
const found: Network = { resolve: async () => '10.0.0.1', reach: async () => undefined };

function testWith(network: Network, role: AssignedRole = 'master') {
  const context = {
    dialect: dialectOf('postgres'),
    clock: systemClock,
    settings: testSettings('postgres://chat:secret@db:5432/chat'),
    clusterId: null,
    schemaCheck: undefined,
    connectionsWanted: 1,
    proveWrites: false,
    connectTimeoutMs: 1_000,
  };
  return testSource(configured('db', role), context, network);
}

describe('testSource', () => {
  it.each([
    ['ENOTFOUND', 'The host name of db:5432 is not known. Check its spelling and the name server.'],
    ['EAI_AGAIN', 'The name server did not answer for db:5432. Check the network of this machine.'],
  ])('stops at a name that cannot be found (%s)', async (code, text) => {
    const report = await testWith({ ...found, resolve: refuse(code) });
    expect(report).toMatchObject({ outcome: 'failed', checks: [{ name: 'Name', outcome: 'failed', text }] });
    expect(report.checks).toHaveLength(1);
  });

  it.each([
    ['ECONNREFUSED', /^Nothing listens on db:5432\. Start the database, or check the port\.$/],
    ['ETIMEDOUT', /firewall/],
    ['EHOSTUNREACH', /no way to db:5432/],
    ['EWHATEVER', /^db:5432: the words of the system$/],
  ])('says in plain words why the network does not lead there (%s)', async (code, text) => {
    const { checks } = await testWith({ ...found, reach: refuse(code) });
    expect(checks).toMatchObject([
      { name: 'Name', outcome: 'passed', text: 'db is 10.0.0.1.', took_ms: expect.any(Number) },
      { name: 'Network', outcome: 'failed', text: expect.stringMatching(text), took_ms: expect.any(Number) },
    ]);
  });

  it('calls a replica that is away a warning: everything goes on without it', async () => {
    expect(await testWith({ ...found, reach: refuse('ECONNREFUSED') }, 'replica')).toMatchObject({
      outcome: 'warning',
    });
  });

  it('goes on to sign in when the network is there', async () => {
    // Nobody is at this address: what comes after the network fails, and says so.
    const { checks } = await testWith(found);
    expect(checks.map(({ name }) => name)).toEqual(['Name', 'Network', 'Connect']);
  });
});
