import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const DEBIAN_ROOT = '/usr/lib/postgresql';

/** What to say where there is none. */
export const PGBENCH_ADVICE = 'pgbench is missing (Debian: apt-get install postgresql-contrib)';

/** PostgreSQL's own load generator: what the database can do when the client costs next to nothing. */
export function findPgbench(): string | undefined {
  const debian = existsSync(DEBIAN_ROOT)
    ? readdirSync(DEBIAN_ROOT).map((version) => join(DEBIAN_ROOT, version, 'bin'))
    : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debian.toReversed()];
  // Debian's /usr/bin/pgbench is a wrapper in Perl that looks for a local server; the program itself comes first.
  return [...debian.toReversed(), ...folders].map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

/** A pgbench script: its `\set` lines and one statement, prepared on the server. */
export interface Script {
  readonly variables: readonly string[];
  readonly sql: string;
}

/**
 * Turns a statement of the product (`$1`, `$2`, ...) into a pgbench script.
 *
 * @param values SQL expressions for the placeholders, in order; they may use `:name` of `variables`.
 */
export function scriptOf(text: string, values: readonly string[], variables: readonly string[]): Script {
  const sql = text.replace(
    /\$(\d+)/g,
    (placeholder, number: string) => `(${values[Number(number) - 1] ?? placeholder})`,
  );
  return { variables, sql: sql.replaceAll(/\s*\n\s*/g, ' ').trim() };
}

/** Transactions per second of the script with `clients` connections. Throws when any transaction failed. */
export async function runPgbench(
  script: Script,
  options: { readonly url: string; readonly clients: number; readonly seconds: number },
): Promise<number> {
  const program = findPgbench();
  if (program === undefined) throw new Error(PGBENCH_ADVICE);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-pgbench-'));
  try {
    const file = join(folder, 'script.sql');
    await writeFile(file, [...script.variables, `${script.sql};`, ''].join('\n'));
    const load = ['-c', String(options.clients), '-j', '2', '-T', String(options.seconds), '-M', 'prepared'];
    const output = await run(program, ['-n', ...load, '-f', file, ...connection(options.url)], passwordOf(options.url));
    return readRate(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Exported for its test. */
export function readRate(output: string): number {
  const failed = /number of failed transactions: (\d+)/.exec(output)?.[1] ?? '0';
  const rate = /^tps = ([\d.]+)/m.exec(output)?.[1];
  if (rate === undefined || failed !== '0') throw new Error(`pgbench did not measure:\n${output}`);
  return Number(rate);
}

function connection(url: string): string[] {
  const { hostname, port, username, pathname } = new URL(url);
  return ['-h', hostname, '-p', port, '-U', decodeURIComponent(username), pathname.slice(1)];
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}

function run(program: string, args: readonly string[], password: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, PGPASSWORD: password },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`pgbench ended with ${code}:\n${output}`)),
    );
  });
}
