import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Clock } from '../clock.ts';
import type { HostPort } from '../data-source/data-source.ts';
import type { ConfiguredSource } from '../settings/settings.ts';
import { type Check, type SourceReport, type VerifyContext, verifySource } from './verify.ts';

/** Finds the address of a host and opens a bare connection to it; the tests of this file give their own. */
export interface Network {
  /** @throws an error with the code of the failure, as `node:dns`. */
  resolve(host: string): Promise<string>;
  /** @throws an error with the code of the failure, as `node:net`; `ETIMEDOUT` after `limitMs`. */
  reach(address: string, port: number, limitMs: number): Promise<void>;
}

const network: Network = {
  resolve: async (host) => (await lookup(host)).address,
  reach: (address, port, limitMs) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: address, port });
      socket.setTimeout(limitMs, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
    }),
};

const reachLimitMs = 5_000;

/** What a code of the network means for somebody who has to mend it. */
const plainCauses: Readonly<Record<string, (at: string) => string>> = {
  ENOTFOUND: (at) => `The host name of ${at} is not known. Check its spelling and the name server.`,
  EAI_AGAIN: (at) => `The name server did not answer for ${at}. Check the network of this machine.`,
  ECONNREFUSED: (at) => `Nothing listens on ${at}. Start the database, or check the port.`,
  ETIMEDOUT: (at) => `${at} does not answer. The machine is down, or a firewall drops the connection.`,
  EHOSTUNREACH: (at) => `There is no way to ${at}. Check the network between the two machines.`,
  ENETUNREACH: (at) => `There is no way to ${at}. Check the network between the two machines.`,
  ECONNRESET: (at) => `${at} closed the connection at once. Something else than a database may listen there.`,
};

function plainCause(error: unknown, at: string): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return plainCauses[String(code)]?.(at) ?? `${at}: ${String(message)}`;
}

async function timed(clock: Clock, name: string, work: () => Promise<string>, fail: (error: unknown) => Check) {
  const startedAt = clock.now();
  const took = (): number => Math.round((clock.now() - startedAt) * 10) / 10;
  try {
    const text = await work();
    return { name, outcome: 'passed', text, took_ms: took() } satisfies Check;
  } catch (error) {
    return { ...fail(error), took_ms: took() };
  }
}

/** The way to the database, step by step; it ends at the first step that fails. A socket in the file system has none. */
async function checkWay({ host, port }: HostPort, outcome: Check['outcome'], { clock }: VerifyContext, net: Network) {
  if (host.startsWith('/')) return [];
  const failed =
    (name: string) =>
    (error: unknown): Check => ({
      name,
      outcome,
      text: plainCause(error, `${host}:${port}`),
      took_ms: null,
    });
  let address = host;
  const name = await timed(
    clock,
    'Name',
    async () => {
      address = await net.resolve(host);
      return address === host ? 'It is an address.' : `${host} is ${address}.`;
    },
    failed('Name'),
  );
  if (name.outcome !== 'passed') return [name];
  const reach = async (): Promise<string> => {
    await net.reach(address, port, reachLimitMs);
    return `${host}:${port} takes connections.`;
  };
  return [name, await timed(clock, 'Network', reach, failed('Network'))];
}

/**
 * What an operator's test of one data source finds, from the name of its host to the schema. Never throws, changes
 * nothing. Of several hosts the first is looked at.
 */
export async function testSource(
  configured: ConfiguredSource,
  context: VerifyContext,
  net: Network = network,
): Promise<SourceReport> {
  const { source, role, index } = configured;
  // As in a recycle: without its master nothing goes, without a replica everything does.
  const outcome = role === 'master' ? 'failed' : 'warning';
  const way = await checkWay(source.hosts[0], outcome, context, net);
  if (source.hosts.length === 1 && way.some((check) => check.outcome !== 'passed')) {
    return { name: source.name, index, assigned_role: role, outcome, checks: way };
  }
  const { report } = await verifySource(configured, context);
  return { ...report, checks: [...way, ...report.checks] };
}
