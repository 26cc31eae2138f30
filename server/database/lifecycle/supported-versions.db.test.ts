import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Dialect } from '../dialect/dialect.ts';
import { dialectOf } from '../dialect/index.ts';
import { openDatabase } from '../index.ts';
import {
  compareLedger,
  describeEngines,
  LedgerLoad,
  openTestDatabase,
  type Replicated,
  startReplicated,
  testSettings,
  until,
} from '../testing/index.ts';

/** A dialect to which the server says that it is of another version. */
function claiming(dialect: Dialect, version: string, versionNumber: number): Dialect {
  return {
    ...dialect,
    probe: async (connection, timeoutMs) => ({
      ...(await dialect.probe(connection, timeoutMs)),
      version,
      versionNumber,
    }),
  };
}

const tooOld: Readonly<Record<Dialect['driver'], [version: string, number: number, needed: string][]>> = {
  postgres: [['14.12', 140_012, 'PostgreSQL 15']],
  mysql: [
    ['10.5.28-MariaDB', 100_528, 'MariaDB 10.6'],
    ['8.0.16', 80_016, 'MySQL 8.0.17'],
  ],
};

describeEngines('a server that is too old', (engine) => {
  it.each(tooOld[engine])('%s is refused, with what is needed', async (version, number, needed) => {
    const own = await openTestDatabase({ engine });
    const dialect = claiming(dialectOf(engine), version, number);
    await expect(openDatabase(testSettings(own.url), { dialect })).rejects.toThrow(
      `The server is ${version}; ${needed} or later is needed.`,
    );
    await own.stop();
  });
});

/** Debian's PostgreSQL, where there is one beside the packaged. */
const folders = [15, 16, 17]
  .map((version) => ({ version, folder: `/usr/lib/postgresql/${version}/bin` }))
  .filter(({ folder }) => existsSync(folder));

describe.each(folders)('on PostgreSQL $version', ({ version, folder }) => {
  let it3: Replicated | undefined;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await it3?.stop();
  });

  it('writes, reads its writes, loses a replica, moves the master and keeps everything', async () => {
    vi.stubEnv('HOLDFAST_POSTGRES_BIN', folder);
    it3 = await startReplicated();
    const { cluster, layer, settings, source } = it3;
    expect(source('pg-a').server_version).toMatch(new RegExp(`^${version}\\.`));
    const load = new LedgerLoad(layer, 4);
    await load.more(300);
    await cluster.node('pg-c').kill();
    await until('it left', () => source('pg-c').health === 'offline');
    await load.more(100);
    await cluster.node('pg-b').promote();
    await load.more(100);
    expect(await layer.control.recycle(settings(['pg-b', 'pg-a']), () => undefined)).toMatchObject({
      outcome: 'succeeded',
    });
    await load.more(100);
    const report = await load.stop();
    expect(report).toMatchObject({ errors: [], stale: 0 });
    expect(await compareLedger(layer, report)).toEqual({ lost: [], disordered: 0 });
  });
});
