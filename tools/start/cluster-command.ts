import { ClusterError, type EmbeddedCluster, type EmbeddedNode } from '../cluster/index.ts';
import { renderStatus } from './cluster-status.ts';
import { parseDelay } from './delay.ts';
import { lastEngine, openEmbedded } from './engines.ts';
import { readLock } from './lock.ts';
import { findPlaces, type Places } from './places.ts';

const HELP = `Acts on the databases that npm start runs, from another terminal.

  npm run cluster -- status            every node with its role and state
  npm run cluster -- kill NAME         end it at once, as a crash would
  npm run cluster -- freeze NAME       let it hang: connections stay open, nothing answers
  npm run cluster -- thaw NAME         undo freeze
  npm run cluster -- stop NAME         shut it down in order
  npm run cluster -- start NAME        start it again
  npm run cluster -- promote NAME      make this replica the master and the others its replicas; a running master is shut down
                                       in order first and comes back as a replica, a frozen or dead one stays down
  npm run cluster -- rebuild NAME      throw its data away and copy the master's
  npm run cluster -- lag NAME 5s       let this replica apply everything so much later (ms, s, m); off: at once again

HOLDFAST_DATA_DIR must be the same as for npm start.`;

/** What one verb gets to work with. */
interface Task {
  readonly cluster: EmbeddedCluster;
  readonly node: EmbeddedNode;
  readonly extra: readonly string[];
  readonly places: Places;
}

/** Does its work and gives the line that tells what was done. */
type Verb = (task: Task) => string | Promise<string>;

const VERBS: Readonly<Record<string, Verb>> = {
  kill: async ({ node }) => {
    requireRunning(node);
    await node.kill();
    return `${node.name} is dead.`;
  },
  freeze: ({ node }) => {
    requireRunning(node);
    node.freeze();
    return `${node.name} hangs. Undo with: npm run cluster -- thaw ${node.name}`;
  },
  thaw: ({ node }) => {
    requireRunning(node);
    node.thaw();
    return `${node.name} goes on.`;
  },
  stop: async ({ node }) => {
    requireRunning(node);
    await node.stopFast();
    return `${node.name} is shut down.`;
  },
  start: startNode,
  promote,
  rebuild,
  lag,
};

/**
 * Runs one command line of `npm run cluster`, without the program's name.
 *
 * @returns the exit code; problems that a person can solve are printed, others thrown.
 */
export async function runClusterCommand(words: readonly string[], places: Places = findPlaces()): Promise<number> {
  try {
    console.log(await execute(words, places));
    return 0;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function execute([word, name, ...extra]: readonly string[], places: Places): Promise<string> {
  if (word === undefined || word === 'help' || word === '--help' || word === '-h') return HELP;
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (verb === undefined && word !== 'status') {
    throw new ClusterError(
      `There is no command "${word}". Commands: status, ${Object.keys(VERBS).join(', ')}. More: --help`,
    );
  }
  const cluster = await openEmbedded(lastEngine(places), places);
  if (cluster === undefined) throw new ClusterError(`There is no cluster in ${places.data}. npm start makes one.`);
  if (verb === undefined) return renderStatus(await cluster.status());
  if (name === undefined)
    throw new ClusterError(`Which node? Nodes: ${cluster.nodes.map((node) => node.name).join(', ')}.`);
  const node = cluster.node(name);
  if (readLock(places.lock) === undefined) throw new ClusterError('Holdfast does not run. Start it first: npm start');
  return verb({ cluster, node, extra, places });
}

function requireRunning(node: EmbeddedNode): void {
  if (node.processState() === 'stopped') throw new ClusterError(`${node.name} does not run.`);
}

function requireServingMaster(cluster: EmbeddedCluster): EmbeddedNode {
  const master = cluster.master();
  if (master.processState() === 'running') return master;
  throw new ClusterError(
    `The master ${master.name} is ${master.processState()}. Start or thaw it, or promote a replica, first.`,
  );
}

async function startNode({ cluster, node }: Task): Promise<string> {
  const master = cluster.master();
  if (node !== master && node.role() === 'master') {
    throw new ClusterError(
      `${master.name} has taken over from ${node.name}, which would come up as a second master. Use: npm run cluster -- rebuild ${node.name}`,
    );
  }
  if (!node.exists()) throw new ClusterError(`${node.name} has no data. Use: npm run cluster -- rebuild ${node.name}`);
  if (node.processState() !== 'stopped') throw new ClusterError(`${node.name} runs already (${node.processState()}).`);
  await node.start();
  // The master may have moved while this replica was down.
  if (node !== master && master.processState() === 'running') await node.follow(master);
  return `${node.name} is up on port ${node.port}.`;
}

async function promote({ cluster, node, places }: Task): Promise<string> {
  const old = cluster.master();
  const before = old.processState();
  await cluster.moveMaster(node.name);
  const fate =
    before === 'running'
      ? `${old.name} is its replica now.`
      : `${old.name} was ${before} and stays down: npm run cluster -- rebuild ${old.name} brings it back as a replica.`;
  return (
    `${node.name} is the master. ${fate}\n` +
    `Holdfast follows by itself. So that ${places.config} says so, too: System Console > Database > Write to config.json.`
  );
}

async function rebuild({ cluster, node }: Task): Promise<string> {
  if (node === cluster.master()) throw new ClusterError(`${node.name} is the master: promote another node first.`);
  const master = requireServingMaster(cluster);
  await node.rebuild(master);
  return `${node.name} is a fresh replica of ${master.name}.`;
}

async function lag({ cluster, node, extra: [delay] }: Task): Promise<string> {
  if (node === cluster.master()) throw new ClusterError(`${node.name} is the master: only replicas lag.`);
  const ms = parseDelay(delay);
  await node.setApplyDelay(ms);
  return ms === 0 ? `${node.name} applies everything at once.` : `${node.name} applies everything ${ms} ms late.`;
}
