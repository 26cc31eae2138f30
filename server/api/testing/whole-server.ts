import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { runServer } from '../../main.ts';

/** The product as it runs, on a database of its own. */
export interface WholeServer {
  /** `http://127.0.0.1:port`. */
  readonly base: string;
  /** The rows of all tables as texts, without what every request leaves behind. */
  rows(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startWholeServer(): Promise<WholeServer> {
  const opened = await openTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-whole-'));
  const configPath = join(folder, 'config.json');
  const DriverName = opened.url.startsWith('postgres') ? 'postgres' : 'mysql';
  const config = {
    ServiceSettings: {
      ...{ ListenAddress: '127.0.0.1:0', EnableUserAccessTokens: true },
      ...{ EnableBotAccountCreation: true, EnableCustomEmoji: true },
    },
    SqlSettings: { DriverName, DataSource: opened.url },
    FileSettings: { EnablePublicLink: true, PublicLinkSalt: 'salt'.repeat(8) },
    LogSettings: { ConsoleLevel: 'ERROR' },
  };
  await writeFile(configPath, JSON.stringify(config));
  const server = await runServer({ configPath, env: {} });
  return {
    base: server.url,
    rows: () => readRows(opened),
    async stop() {
      await server.stop();
      await opened.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Who was seen when, what was tried, and what the database layer writes by itself. */
const RESTLESS = new Set(['status', 'audits', 'databaseepochs', 'holdfast_cluster']);

function readRows({ onMaster }: OpenTestDatabase): Promise<readonly string[]> {
  return onMaster(async ({ driver, execute }) => {
    const schema = driver === 'postgres' ? 'current_schema()' : 'database()';
    const found = await execute(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${schema} ORDER BY 1`,
      [],
    );
    const texts: string[] = [];
    for (const { name } of found as { name: string }[]) {
      if (RESTLESS.has(name)) continue;
      const rows = await execute(`SELECT * FROM ${name}`, []);
      texts.push(...rows.map((row) => `${name} ${steady(row)}`).sort());
    }
    return texts;
  });
}

/** A session notes now and then that it is in use. */
function steady({ lastactivityat: _seen, expiresat: _until, ...row }: Record<string, unknown>): string {
  return JSON.stringify(row);
}
