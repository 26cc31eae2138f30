import type { Connection } from '../dialect/dialect.ts';
import { normalizeLsn } from '../dialect/postgres-positions.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import type { Switching } from '../dialect/switching.ts';

/** What a change of roles needs of a fake server. */
export interface Switchable {
  readonly name: string;
  role: 'master' | 'replica' | 'read-only';
  upstream: Switchable | undefined;
  timeline: number;
  readonly position: number;
  readonly replayed: number | null;
  promote(): void;
}

/** How fake servers change roles. Everything goes over the connection first, so that its faults take effect. */
export function fakeSwitching<S extends Switchable>(
  servers: readonly S[],
  serverOf: (connection: Connection) => S,
): Switching {
  const on = async (connection: Connection, timeoutMs: number): Promise<S> => {
    await connection.execute({ text: 'switching' }, [], timeoutMs);
    return serverOf(connection);
  };
  const nothingMissing = async (connection: Connection, timeoutMs: number): Promise<readonly string[]> => {
    await on(connection, timeoutMs);
    return [];
  };
  return {
    refusal: () => '',
    lasting: () => '',
    commands: postgresDialect.switching.commands,
    async masterFacts(connection, timeoutMs) {
      await on(connection, timeoutMs);
      return { longTransactions: 0, preparedTransactions: 0, fenceObstacles: [] };
    },
    async candidateFacts(connection, timeoutMs) {
      await on(connection, timeoutMs);
      return { applyDelayMs: 0, fenced: false, behindMs: null, obstacles: [], received: null };
    },
    async standing(connection, timeoutMs) {
      const { name, position } = await on(connection, timeoutMs);
      return { received: normalizeLsn(`0/${position.toString(16)}`), confirmsAs: name };
    },
    missingForFence: nothingMissing,
    missingForPromotion: nothingMissing,
    missingForRepoint: (replica, _, timeoutMs) => nothingMissing(replica, timeoutMs),
    async lock(connection, timeoutMs) {
      await on(connection, timeoutMs);
      return true;
    },
    async fence(connection, { ms }) {
      const server = await on(connection, ms);
      if (server.role === 'master') server.role = 'read-only';
    },
    async unfence(connection, { ms }) {
      const server = await on(connection, ms);
      if (server.role === 'read-only') server.role = 'master';
    },
    async promote(connection, timeoutMs) {
      (await on(connection, timeoutMs)).promote();
    },
    async repoint(replica, { source }, timeoutMs) {
      const master = servers.find(({ name }) => name === source.hosts[0].host);
      const server = await on(replica, timeoutMs);
      // One that has more than the master took over can never follow it.
      if (master === undefined || server.role !== 'replica' || server.position > (master.replayed ?? 0)) return;
      server.upstream = master;
      server.timeline = master.timeline;
    },
  };
}
