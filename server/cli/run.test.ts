import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConfigStore } from '../config/index.ts';
import { DatabaseError, type FailureKind } from '../database/index.ts';
import { MigrationError } from '../migrations/index.ts';
import { silentLogger } from '../observability/index.ts';
import { type CliDeps, describeStartupFailure, main } from './index.ts';

let folder: string;
let path: string;
let out: string[];
let err: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  path = join(folder, 'config.json');
  out = [];
  err = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], over: Partial<CliDeps> = {}): Promise<number> =>
  main(argv, {
    runServer: () => Promise.reject(new Error('must not start')),
    env: {},
    version: '1.2.3',
    print: (text) => out.push(text),
    printError: (text) => err.push(text),
    ...over,
  });

describe('the command line', () => {
  it.each([
    [['--help'], 0, /holdfast server .*holdfast config check/s],
    [['server', '-h'], 0, /holdfast server/],
    [['--version'], 0, /^1\.2\.3$/],
  ])('%j prints to standard output', async (argv, code, text) => {
    expect(await run(argv)).toBe(code);
    expect(out.join('\n')).toMatch(text);
    expect(err).toEqual([]);
  });

  it.each([
    [[], 'A command is missing.'],
    [['serve'], 'There is no command "serve".'],
    [['config'], 'There is no command "config".'],
    [['server', 'now'], 'There is no command "server now".'],
    [['server', '--confg', 'x'], "Unknown option '--confg'."],
    [['server', '--config'], "Option '-c, --config <value>' argument missing."],
    [['server', '--config='], '--config needs the path of a file.'],
    [['server', '--help=yes'], "Option '-h, --help' does not take an argument."],
  ])('%j is misuse', async (argv, message) => {
    expect(await run(argv)).toBe(2);
    expect(err).toEqual([`${message}\nTry holdfast --help.`]);
    expect(out).toEqual([]);
  });

  it('hands the file and the environment to the server', async () => {
    const env = { MM_SQLSETTINGS_TRACE: 'true' };
    const given: unknown[] = [];
    const runServer = (options: unknown) => Promise.resolve(void given.push(options));
    expect(await run(['server', '--config', path], { runServer, env })).toBe(0);
    expect(await run(['server'], { runServer, env })).toBe(0);
    expect(given).toEqual([
      { configPath: path, env },
      { configPath: 'config/config.json', env },
    ]);
  });

  it('says why the server did not start', async () => {
    const runServer = () => openConfigStore({ path, env: {}, logger: silentLogger });
    expect(await run(['server', '--config', path], { runServer })).toBe(1);
    expect(err.join()).toContain(
      `Holdfast did not start.\nThe configuration ${path} cannot be used:\n- The file does not exist.`,
    );
  });
});

describe('config check', () => {
  it('accepts a good file', async () => {
    await writeFile(path, '{ "SqlSettings": { "DataSource": "postgres://u:top-secret@a/d" } }');
    expect(await run(['config', 'check', '--config', path])).toBe(0);
    expect(out).toEqual([`${path} can be used.`]);
  });

  it('prints every problem and fails', async () => {
    await writeFile(path, '{ "SqlSettings": { "DataSource": "postgres://u:top-secret@a/", "Trace": 1 }, "X": 1 }');
    expect(await run(['config', 'check', '--config', path])).toBe(1);
    expect(err).toHaveLength(3);
    expect(err.at(-1)).toBe(`${path} cannot be used: 2 errors, 1 warning.`);
    expect(out).toEqual([
      'warning: X (line 1, column 83): This server knows no such name. It is kept and has no effect.',
    ]);
    expect([...err, ...out].join()).not.toContain('top-secret');
  });
});

describe('describeStartupFailure', () => {
  const database = (kind: FailureKind, text: string): string =>
    describeStartupFailure(new DatabaseError(`Master a:5432/d: ${text}`, { kind, outcome: 'not-executed' }));

  it.each<[FailureKind, string, RegExp]>([
    [
      'unreachable',
      'connect ECONNREFUSED 127.0.0.1:5432.',
      /ECONNREFUSED.*\nStart that database, or correct host and port/,
    ],
    [
      'misconfigured',
      'password authentication failed for user "u".',
      /failed for user.*\nCorrect user, password, database/,
    ],
    ['misconfigured', 'database "d" does not exist.', /"d" does not exist.*\nCorrect user, password, database/],
    [
      'not-writable',
      'It is a replica (in recovery).',
      /in recovery.*\nThe first entry of SqlSettings\.DataSource must be/,
    ],
    ['not-writable', 'The server is 9.6; PostgreSQL 14 or later is needed.', /9\.6;.*\n.*a supported version/],
    ['overload', 'too many clients.', /too many clients\.\nThe database has no connection left\./],
  ])('tells what to do about a master that is %s: %s', (kind, text, expected) => {
    expect(database(kind, text)).toMatch(expected);
    expect(database(kind, text)).toContain('Master a:5432/d');
  });

  it('repeats what the migrations say', () => {
    const text = "The database's schema is at version 9, this server knows 7.";
    expect(describeStartupFailure(new MigrationError(text))).toBe(text);
  });

  it('names the port that is taken', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as { port: number };
    const second = createServer().listen(port, '127.0.0.1');
    const [error] = (await once(second, 'error')) as [unknown];
    first.close();
    expect(describeStartupFailure(error)).toBe(
      `127.0.0.1:${port} is in use by another program. Stop it, or choose another port in ServiceSettings.ListenAddress (MM_SERVICESETTINGS_LISTENADDRESS).`,
    );
  });

  it('names an address that this machine does not have', async () => {
    const server = createServer().listen(0, '203.0.113.7');
    const [error] = (await once(server, 'error')) as [unknown];
    expect(describeStartupFailure(error)).toContain('203.0.113.7 is no address of this machine.');
  });

  it('shows the stack of what nobody foresaw, without a secret', () => {
    const text = describeStartupFailure(new Error('cannot open postgres://u:top-secret@a/d'));
    expect(text).toMatch(/Error: cannot open.*\n\s+at /);
    expect(text).not.toContain('top-secret');
    expect(describeStartupFailure('odd')).toBe('odd');
  });
});
