import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { describeEngines } from '../../server/database/testing/index.ts';
import type { EmbeddedCluster, EmbeddedNode, Engine } from '../cluster/index.ts';
import { runClusterCommand } from './cluster-command.ts';
import { openEmbedded } from './engines.ts';
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

interface Launcher {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** What differs between the engines for a person at the terminal. */
const engineFacts: Readonly<Record<Engine, { prefix: string; kept: string }>> = {
  postgres: { prefix: 'pg', kept: 'kept' },
  mysql: { prefix: 'my', kept: 'holdfast.kept' },
};

describeEngines('npm start', (engine) => {
  const { prefix, kept } = engineFacts[engine];
  const [a, b, c] = [`${prefix}-a`, `${prefix}-b`, `${prefix}-c`];
  const launchers: ChildProcess[] = [];
  let folder: string;
  let places: Places;

  function launch(...words: readonly string[]): Launcher {
    const main = new URL('./main.ts', import.meta.url).href;
    const options = JSON.stringify({ places, words });
    const script = `import { start } from ${JSON.stringify(main)}; await start(${options}).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    launchers.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) };
  }

  async function launchAndWait(...words: readonly string[]): Promise<Launcher> {
    const launcher = launch(...words);
    await vi.waitUntil(() => launcher.output().includes('Listening'), soon);
    return launcher;
  }

  async function cluster(): Promise<EmbeddedCluster> {
    const found = await openEmbedded(engine, places);
    if (found === undefined) throw new Error('no cluster');
    return found;
  }

  /** As superuser. */
  const query = (node: EmbeddedNode, sql: string): Promise<unknown[]> =>
    (node as unknown as { query(sql: string): Promise<unknown[]> }).query(sql);

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
    await (await openEmbedded(engine, places))?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('makes everything at its first start, and SIGTERM stops it in order and leaves nothing', async () => {
    const { child, output, ended } = await launchAndWait('--engine', engine);
    const databases = await cluster();
    const urls = [a, b, c].map((name) => databases.node(name).url());
    expect(JSON.parse(readFileSync(places.config, 'utf8'))).toEqual({
      SqlSettings: { DriverName: engine, DataSource: urls.join(',') },
    });
    await query(databases.master(), `CREATE TABLE ${kept} (n int)`);
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
      // Without a word it goes on with the engine of before.
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
      await expect(query((await cluster()).master(), `SELECT n FROM ${kept}`)).resolves.toEqual([]);
      expect(launcher.output()).not.toContain('Wrote');
    });

    test('refuses another launcher on the same folder', async () => {
      const second = launch();
      expect(await second.ended).toBe(1);
      expect(second.output()).toContain(
        `Holdfast is running already on ${places.data} (process ${launcher.child.pid})`,
      );
      expect((await cluster()).isRunning()).toBe(true);
    });

    test('is steered by commands from outside', async () => {
      expect(await command('status')).toEqual([
        0,
        expect.stringMatching(new RegExp(`${a} +master +running.*\\n.*${b} +replica +running`)),
      ]);
      expect(await command('freeze', b)).toEqual([0, expect.stringContaining(`${b} hangs`)]);
      expect(await command('status')).toEqual([0, expect.stringMatching(new RegExp(`${b} +replica +frozen`))]);
      expect(await command('thaw', b)).toEqual([0, `${b} goes on.`]);
      expect(await command('lag', b, '5s')).toEqual([0, `${b} applies everything 5000 ms late.`]);
      expect(await command('lag', b, 'off')).toEqual([0, `${b} applies everything at once.`]);
      expect(await command('kill', c)).toEqual([0, `${c} is dead.`]);
      expect(await command('start', c)).toEqual([0, expect.stringContaining(`${c} is up`)]);
      expect(await command('stop', a)).toEqual([0, `${a} is shut down.`]);
      expect(await command('promote', b)).toEqual([0, expect.stringContaining(`${b} is the master. ${a} was stopped`)]);
      expect(await command('start', a)).toEqual([1, expect.stringContaining(`${b} has taken over from ${a}`)]);
      expect(await command('rebuild', a)).toEqual([0, `${a} is a fresh replica of ${b}.`]);
    });

    test.each([
      [['explode', a], 'There is no command "explode". Commands: status, kill,'],
      [['kill', `${prefix}-x`], `There is no node "${prefix}-x". Nodes: ${a}, ${b}, ${c}.`],
      [['kill'], `Which node? Nodes: ${a}, ${b}, ${c}.`],
      [['lag', c, 'soon'], 'How late?'],
      [['rebuild', b], `${b} is the master`],
      [['start', c], `${c} runs already`],
    ])('answers the command %j with what is wrong', async (words, message) => {
      expect(await command(...words)).toEqual([1, expect.stringContaining(message)]);
    });

    test('killed outright, leaves no process, and the next start finds everything', async () => {
      launcher.child.kill('SIGKILL');
      const databases = await cluster();
      await expect.poll(() => databases.isRunning(), soon).toBe(false);
      expect(await command('kill', a)).toEqual([1, 'Holdfast does not run. Start it first: npm start']);
      launcher = await launchAndWait();
      // The second had been promoted; the configuration still names the first one first.
      expect((await cluster()).master().name).toBe(a);
      expect(launcher.output()).toContain(`names ${a} as the master, so it took over again from ${b}`);
      await expect(query((await cluster()).master(), `SELECT n FROM ${kept}`)).resolves.toEqual([]);
      launcher.child.kill('SIGINT');
      expect(await launcher.ended).toBe(0);
    });
  });

  test('takes the databases down when the server does not start', async () => {
    writeFileSync(places.config, JSON.stringify({ SqlSettings: { DataSource: 'refused' } }));
    const { output, ended } = launch();
    expect(await ended).toBe(1);
    expect(output()).toMatch(/names none of the databases above[^]*no database[^]*The server ended with code 3/);
    expect((await cluster()).isRunning()).toBe(false);
  });
});
