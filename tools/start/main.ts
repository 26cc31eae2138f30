import { existsSync } from 'node:fs';
import { relative } from 'node:path';

import type { EmbeddedCluster, Engine } from '../cluster/index.ts';
import { configuredList, firstNamedNode, keptConfig, provideConfig } from './config-file.ts';
import { createEmbedded, engineIn, engineNames, lastEngine, rememberEngine } from './engines.ts';
import { releaseLock, takeLock } from './lock.ts';
import { findPlaces, type Places } from './places.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What `start` is asked for. */
export interface StartOptions {
  /** The words after `npm start --`: `--engine postgres|mysql`. Without them the engine that was started last. */
  readonly words?: readonly string[];
  readonly places?: Places;
}

/**
 * `npm start`: the embedded databases, the first configuration and the server; returns when all of them have stopped. Sets the exit
 * code to 1 when the server ended by itself.
 *
 * @throws Error whose message tells a person what to do.
 */
export async function start({ words = [], places = findPlaces() }: StartOptions = {}): Promise<void> {
  const engine = engineIn(words) ?? lastEngine(places);
  const holder = takeLock(places.lock);
  if (holder !== undefined) {
    throw new Error(
      `Holdfast is running already on ${places.data} (process ${holder.pid}). Stop it first, or set HOLDFAST_DATA_DIR to another folder.`,
    );
  }
  const stopping = listenForStop();
  try {
    const cluster = await startDatabases(places, engine);
    try {
      if (!stopping.isAsked()) await runServer({ places, engine, cluster }, stopping);
    } finally {
      stopping.whenInsisted(() => cluster.killNow());
      await cluster.stop();
    }
  } finally {
    releaseLock(places.lock);
    stopping.end();
  }
}

interface Started {
  readonly places: Places;
  readonly engine: Engine;
  readonly cluster: EmbeddedCluster;
}

async function startDatabases(places: Places, engine: Engine): Promise<EmbeddedCluster> {
  const began = Date.now();
  const isFirst = !existsSync(places.clusters[engine]);
  const cluster = await createEmbedded(engine, places, tellNotable);
  const kind = engineNames[engine];
  say(isFirst ? `Making a ${kind} cluster: one master, two replicas ...` : `Starting the ${kind} cluster ...`);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  rememberEngine(places, engine);
  if (!cluster.dataRoot.startsWith(places.data)) {
    say(`The databases' user may not enter ${places.data}, so their data are in ${cluster.dataRoot}.`);
  }
  const nodes = cluster.nodes.map((node) => `${node.name} (${node.role()}, port ${node.port})`);
  say(`Databases are up after ${seconds(began)}: ${nodes.join(', ')}.`);
  return cluster;
}

// The launcher's own repairs; the rest of its events is for tests.
function tellNotable(event: string, fields: Readonly<Record<string, string | number | boolean>>): void {
  if (event === 'node_set_aside')
    say(`${fields['node']} was superseded as master. Its old data are kept in ${fields['kept']}.`);
  if (event === 'node_rebuilt') say(`${fields['node']} was rebuilt from ${fields['from']}.`);
  if (event === 'node_stop_forced') say(`${fields['node']} did not stop in time and was killed.`);
}

async function runServer(started: Started, stopping: Stopping): Promise<void> {
  const { places, cluster } = started;
  if (!tellConfig(started)) await agreeOnMaster(started);
  const server = await startServer(places.server, places.config);
  cluster.guardProcess(server.pid);
  stopping.whenInsisted(() => server.killNow());
  await Promise.race([stopping.asked, server.ended]);
  if (stopping.isAsked()) {
    say('Stopping ...');
    await server.stop();
  } else await reportEnd(server);
}

/** Provides the configuration and says what was done about it. True when it is new, and so agrees with the databases. */
function tellConfig({ places, engine, cluster }: Started): boolean {
  const { outcome, aside } = provideConfig(places, engine, cluster);
  const show = (path: string): string => relative(process.cwd(), path);
  const shown = show(places.config);
  if (aside !== undefined) {
    const kept = show(keptConfig(places.config, aside));
    say(`${shown} named the ${engineNames[aside]} databases: it is kept as ${kept}, and their data are untouched.`);
    say(`npm start -- --engine ${aside} goes back to them.`);
  }
  if (outcome === 'restored') say(`${show(keptConfig(places.config, engine))} is ${shown} again.`);
  if (outcome !== 'written') return false;
  say(`Wrote ${shown}. To break and mend the databases from another terminal: npm run cluster -- --help`);
  return true;
}

/** Gives the master's role to the node that an older configuration names first. */
async function agreeOnMaster({ places, cluster }: Started): Promise<void> {
  const shown = relative(process.cwd(), places.config);
  const named = firstNamedNode(configuredList(places.config), cluster.nodes);
  if (named === undefined) {
    say(`${shown} names none of the databases above. It is used as it is; remove it to get one that does.`);
    return;
  }
  const present = cluster.master();
  if (named === present) return;
  // Nothing is lost by it: all replicas stream, and nobody has connected yet.
  await cluster.moveMaster(named.name);
  say(`${shown} names ${named.name} as the master, so it took over again from ${present.name}.`);
}

async function reportEnd(server: ServerProcess): Promise<void> {
  const { code, signal } = await server.ended;
  console.error(`The server ended ${signal === null ? `with code ${code}` : `by ${signal}`}. Stopping the databases.`);
  process.exitCode = 1;
}

/** The wish of the person or the system that everything ends. */
interface Stopping {
  readonly asked: Promise<void>;
  isAsked(): boolean;
  /** What to do when a second signal comes while stopping takes its time. */
  whenInsisted(action: () => void): void;
  end(): void;
}

function listenForStop(): Stopping {
  let isAsked = false;
  let resolveAsked = (): void => {};
  const insisted: (() => void)[] = [];
  const asked = new Promise<void>((resolve) => {
    resolveAsked = resolve;
  });
  const ask = (): void => {
    isAsked = true;
    resolveAsked();
  };
  const onSignal = (): void => {
    if (isAsked) for (const action of insisted) action();
    ask();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  const parentWatch = watchParent(ask);
  return {
    asked,
    isAsked: () => isAsked,
    whenInsisted: (action) => insisted.push(action),
    end: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
      clearInterval(parentWatch);
    },
  };
}

// npm passes SIGTERM to the shell that it runs us in, and some shells die of it without telling us.
function watchParent(onGone: () => void): NodeJS.Timeout | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && onGone(), 250);
  return watch.unref();
}

function seconds(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  console.log(line);
}
