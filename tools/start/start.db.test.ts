import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { type Cluster, openCluster } from '../cluster/index.ts';
import { runClusterCommand } from './cluster-command.ts';
import { findPlaces, type Places } from './places.ts';

// Stands for the built server: it needs a configuration, says when it listens, and ends when it is asked to.
const STAND_IN = `
import { readFileSync } from 'node:fs';
const { SqlSettings } = JSON.parse(readFileSync(process.argv[3], 'utf8'));
if (SqlSettings.DataSource === 'refused') { console.error('no database'); process.exit(3); }
process.on('SIGTERM', () => { console.log('server asked to stop'); process.exit(0); });
setInterval(() => {}, 1000);
console.log('Listening');
`;

const soon = { timeout: 40_000, interval: 50 };
let folder: string;
let places: Places;
const launchers: ChildProcess[] = [];

interface Launcher {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

function launch(): Launcher {
  const main = new URL('./main.ts', import.meta.url).href;
  const script = `import { start } from ${JSON.stringify(main)}; await start(${JSON.stringify(places)}).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  launchers.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

async function launchAndWait(): Promise<Launcher> {
  const launcher = launch();
  await vi.waitUntil(() => launcher.output().includes('Listening'), soon);
  return launcher;
}

async function cluster(): Promise<Cluster> {
  const found = await openCluster(places.cluster);
  if (found === undefined) throw new Error('no cluster');
  return found;
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-start-')));
  // The databases' user must pass through it when the tests run as root.
  chmodSync(folder, 0o755);
  const server = join(folder, 'server.mjs');
  writeFileSync(server, STAND_IN);
  places = { ...findPlaces({ HOLDFAST_DATA_DIR: join(folder, 'data') }), server };
});

afterAll(async () => {
  for (const child of launchers) child.kill('SIGKILL');
  await (await openCluster(places.cluster))?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the first start makes everything, and SIGTERM stops it in order and leaves nothing', async () => {
  const { child, output, ended } = await launchAndWait();
  const databases = await cluster();
  const urls = ['pg-a', 'pg-b', 'pg-c'].map((name) => databases.node(name).url());
  expect(JSON.parse(readFileSync(places.config, 'utf8'))).toEqual({
    SqlSettings: { DriverName: 'postgres', DataSource: urls.join(',') },
  });
  await databases.master().query('CREATE TABLE kept ()');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toContain('server asked to stop');
  expect(databases.isRunning()).toBe(false);
  expect(existsSync(places.lock)).toBe(false);
});

describe('a second run', () => {
  let launcher: Launcher;
  let configBefore: string;

  beforeAll(async () => {
    configBefore = `${readFileSync(places.config, 'utf8')}\n`;
    writeFileSync(places.config, configBefore);
    launcher = await launchAndWait();
  });

  afterEach(() => vi.restoreAllMocks());

  /** Runs a command; gives its exit code and what it printed. */
  async function command(...words: string[]): Promise<[number, string]> {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void printed.push(String(line)));
    vi.spyOn(console, 'error').mockImplementation((line: unknown) => void printed.push(String(line)));
    return [await runClusterCommand(words, places), printed.join('\n')];
  }

  test('finds its data, ports and configuration as they were', async () => {
    expect(readFileSync(places.config, 'utf8')).toBe(configBefore);
    await expect((await cluster()).master().query('SELECT FROM kept')).resolves.toEqual([]);
    expect(launcher.output()).not.toContain('Wrote');
  });

  test('refuses another launcher on the same folder', async () => {
    const second = launch();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Holdfast is running already on ${places.data} (process ${launcher.child.pid})`);
    expect((await cluster()).isRunning()).toBe(true);
  });

  test('is steered by commands from outside', async () => {
    expect(await command('status')).toEqual([
      0,
      expect.stringMatching(/pg-a +master +running.*\n.*pg-b +replica +running/),
    ]);
    expect(await command('freeze', 'pg-b')).toEqual([0, expect.stringContaining('pg-b hangs')]);
    expect(await command('status')).toEqual([0, expect.stringMatching(/pg-b +replica +frozen/)]);
    expect(await command('thaw', 'pg-b')).toEqual([0, 'pg-b goes on.']);
    expect(await command('lag', 'pg-b', '5s')).toEqual([0, 'pg-b applies everything 5000 ms late.']);
    expect(await command('lag', 'pg-b', 'off')).toEqual([0, 'pg-b applies everything at once.']);
    expect(await command('kill', 'pg-c')).toEqual([0, 'pg-c is dead.']);
    expect(await command('start', 'pg-c')).toEqual([0, expect.stringContaining('pg-c is up')]);
    expect(await command('stop', 'pg-a')).toEqual([0, 'pg-a is shut down.']);
    expect(await command('promote', 'pg-b')).toEqual([
      0,
      expect.stringContaining('pg-b is the master. pg-a was stopped'),
    ]);
    expect(await command('start', 'pg-a')).toEqual([1, expect.stringContaining('pg-b has taken over from pg-a')]);
    expect(await command('rebuild', 'pg-a')).toEqual([0, 'pg-a is a fresh replica of pg-b.']);
  });

  test.each([
    [['explode', 'pg-a'], 'There is no command "explode". Commands: status, kill,'],
    [['kill', 'pg-x'], 'There is no node "pg-x". Nodes: pg-a, pg-b, pg-c.'],
    [['kill'], 'Which node? Nodes: pg-a, pg-b, pg-c.'],
    [['lag', 'pg-c', 'soon'], 'How late?'],
    [['rebuild', 'pg-b'], 'pg-b is the master'],
    [['start', 'pg-c'], 'pg-c runs already'],
  ])('answers the command %j with what is wrong', async (words, message) => {
    expect(await command(...words)).toEqual([1, expect.stringContaining(message)]);
  });

  test('killed outright, leaves no process, and the next start finds everything', async () => {
    launcher.child.kill('SIGKILL');
    const databases = await cluster();
    await expect.poll(() => databases.isRunning(), soon).toBe(false);
    expect(await command('kill', 'pg-a')).toEqual([1, 'Holdfast does not run. Start it first: npm start']);
    launcher = await launchAndWait();
    // pg-b had been promoted; the configuration still names pg-a first.
    expect((await cluster()).master().name).toBe('pg-a');
    expect(launcher.output()).toContain('names pg-a as the master, so it took over again from pg-b');
    await expect((await cluster()).master().query('SELECT FROM kept')).resolves.toEqual([]);
    launcher.child.kill('SIGINT');
    expect(await launcher.ended).toBe(0);
  });
});

test('a server that does not start takes the databases down with it', async () => {
  writeFileSync(places.config, JSON.stringify({ SqlSettings: { DataSource: 'refused' } }));
  const { output, ended } = launch();
  expect(await ended).toBe(1);
  expect(output()).toMatch(/names none of the databases above[^]*no database[^]*The server ended with code 3/);
  expect((await cluster()).isRunning()).toBe(false);
});
