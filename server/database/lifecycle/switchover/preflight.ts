import type { Check } from '../verify.ts';
import type { SwitchoverFacts } from './facts.ts';

/** More than this behind, and catching up could take longer than writes may be held. */
const lagLimitBytes = 1_048_576;
const lagLimitMs = 2_000;

const check = (name: string, outcome: Check['outcome'], text: string): Check => ({
  name,
  outcome,
  text,
  took_ms: null,
});
const passed = (name: string, text: string): Check => check(name, 'passed', text);
const warning = (name: string, text: string): Check => check(name, 'warning', text);
const failed = (name: string, text: string): Check => check(name, 'failed', text);

const grants = (missing: readonly string[], where = ''): string =>
  `Run as an administrator${where}: ${missing.join(' ')}`;
/** Rights travel from there to the replicas. Given on a replica, they would be a change of its own. */
const onMaster = ' on the master';
const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

type Judge = (facts: SwitchoverFacts) => Check | readonly Check[];

const judgeMaster: Judge = ({ master }) => {
  const { name, reading, failure } = master;
  if (reading === undefined) {
    return failed(
      'Master',
      `${name} does not answer: ${failure?.text ?? ''}. If it is lost, use the emergency path: it does not need it.`,
    );
  }
  if (reading.role === 'master') return passed('Master', `${name} accepts writes.`);
  const why = reading.role === 'replica' ? 'it is a replica' : 'it is fenced';
  return failed('Master', `${name} does not accept writes: ${why}.`);
};

/** The emergency path cannot fence anybody, so it is for a master that is gone. */
const judgeLostMaster: Judge = ({ master: { name, reading, failure } }) =>
  reading?.role === 'master'
    ? failed('Master', `${name} answers and accepts writes: use the planned switchover, which loses nothing.`)
    : passed(
        'Master',
        reading === undefined ? `${name} does not answer: ${failure?.text ?? ''}` : `${name} refuses writes.`,
      );

const judgeCandidate: Judge = ({ candidate, running }) => {
  const { name, reading, failure } = candidate;
  if (reading === undefined) return failed('Candidate', `${name} does not answer: ${failure?.text ?? ''}`);
  if (running.clusterId !== null && reading.clusterId !== running.clusterId) {
    return failed('Candidate', `${name} belongs to another database cluster: its data is not the same.`);
  }
  if (reading.role !== 'replica') {
    return failed('Candidate', `${name} is no replica. To move to a database that was promoted already, use Recycle.`);
  }
  if (reading.timeline !== null && running.timeline !== null && reading.timeline !== running.timeline) {
    return failed(
      'Candidate',
      `${name} follows timeline ${reading.timeline}, the master is on ${running.timeline}: it follows another master.`,
    );
  }
  const [obstacle] = candidate.facts?.obstacles ?? [];
  if (obstacle !== undefined) return failed('Candidate', `${name} cannot become the master: ${obstacle}`);
  return passed('Candidate', `${name} is a replica and answers.`);
};

const judgeFollowing: Judge = ({ candidate: { name, reading }, master }) => {
  if (reading === undefined) return [];
  if (!reading.receiving) return failed('Following', `${name} does not receive changes: its replication link is down.`);
  if (reading.replayPaused) return failed('Following', `${name} has its replay paused. Resume it.`);
  return passed('Following', `${name} follows ${master.name}.`);
};

const judgeLag: Judge = ({ candidate: { name, facts, lagBytes } }) => {
  if (facts === undefined) return [];
  if (facts.applyDelayMs > 0) {
    return failed('Lag', `${name} applies changes ${seconds(facts.applyDelayMs)} late on purpose. Choose another one.`);
  }
  if (lagBytes === null && facts.behindMs !== null) return judgeLateness(name, facts.behindMs);
  if (lagBytes === null) return warning('Lag', `How far ${name} is behind is not known. It is awaited all the same.`);
  if (lagBytes > lagLimitBytes) {
    return failed(
      'Lag',
      `${name} is ${lagBytes} bytes behind, allowed are ${lagLimitBytes}. Wait until it has caught up.`,
    );
  }
  return passed('Lag', `${name} is ${lagBytes} bytes behind.`);
};

function judgeLateness(name: string, behindMs: number): Check {
  const text = `${name} is ${seconds(behindMs)} behind`;
  if (behindMs <= lagLimitMs) return passed('Lag', `${text}.`);
  return failed('Lag', `${text}, allowed are ${seconds(lagLimitMs)}. Wait until it has caught up.`);
}

const judgeTransactions: Judge = ({ master: { name, facts } }) => {
  if (facts === undefined) return [];
  const { longTransactions, preparedTransactions } = facts;
  if (preparedTransactions > 0) {
    return failed(
      'Transactions',
      `${name} has ${preparedTransactions} prepared transactions. Commit or roll back each.`,
    );
  }
  if (longTransactions === null) {
    return warning('Transactions', `Whether ${name} has long transactions is hidden from us; they would be cut off.`);
  }
  if (longTransactions > 0) {
    const text = `${name} has ${longTransactions} transactions older than 5 s. End them, or wait until they have ended.`;
    return failed('Transactions', text);
  }
  return passed('Transactions', `${name} has no long and no prepared transaction.`);
};

const judgeFence: Judge = ({ master: { name, facts, missing } }) => {
  if (facts === undefined) return [];
  if (missing.length > 0) return failed('Fence', `We may not fence ${name}. ${grants(missing, onMaster)}`);
  const [obstacle] = facts.fenceObstacles;
  if (obstacle !== undefined) return failed('Fence', `The fence of ${name} would not hold: ${obstacle}`);
  return passed('Fence', `We may make ${name} refuse writes.`);
};

const judgeOwnFence: Judge = ({ candidate: { name, facts, missingToUnfence } }) => {
  if (facts?.fenced !== true) return [];
  if (missingToUnfence.length === 0)
    return passed('Own fence', `${name} is fenced from before; the fence is taken away.`);
  return failed(
    'Own fence',
    `${name} is fenced from before and would refuse writes. ${grants(missingToUnfence, onMaster)}`,
  );
};

const judgePromotion: Judge = ({ candidate: { name, facts, missingToPromote }, emergency, promoteMs }) => {
  if (facts === undefined) return [];
  if (missingToPromote.length === 0) return passed('Promotion', `We may promote ${name}.`);
  const limit = emergency ? 'Writes are refused until then.' : `You have ${seconds(promoteMs)} for it.`;
  const change = grants(missingToPromote, emergency ? '' : onMaster);
  return warning(
    'Promotion',
    `We may not promote ${name}: you do it when we ask for it. ${limit} To change that: ${change}`,
  );
};

/** Right after the promotion nobody follows it yet: a commit that waits for a replica would wait for ever. */
const judgeDurability: Judge = ({ candidate, master, replicas }) => {
  const mode = candidate.reading?.durability;
  if (mode === undefined) return [];
  const canFollow = replicas.some(({ reading, missing }) => reading !== undefined && missing.length === 0);
  if (mode !== 'asynchronous' && !canFollow) {
    return failed(
      'Durability',
      `Commits on ${candidate.name} would wait for a replica, and we can let none follow it. Set it to asynchronous first.`,
    );
  }
  if (mode !== 'asynchronous')
    return passed('Durability', `Commits on ${candidate.name} wait for a replica that we re-point.`);
  if (master.reading !== undefined && master.reading.durability !== 'asynchronous') {
    return warning(
      'Durability',
      `${master.name} commits synchronously, ${candidate.name} will not: set it there as well.`,
    );
  }
  return [];
};

const judgeReplicas: Judge = ({ replicas, candidate }) =>
  replicas.map(({ name, reading, failure, missing }) => {
    if (reading === undefined) return warning('Other replica', `${name} does not answer: ${failure?.text ?? ''}`);
    if (missing.length === 0) return passed('Other replica', `${name} will follow ${candidate.name}.`);
    return warning(
      'Other replica',
      `We may not re-point ${name}: it serves no reads until you do. To change that: ${grants(missing)}`,
    );
  });

const judgeRoom: Judge = ({ candidate: { name, reading }, connectionsWanted }) => {
  if (reading === undefined) return [];
  const free = reading.connectionsAllowed - reading.connectionsUsed;
  const text = `${reading.connectionsUsed} of ${reading.connectionsAllowed} connections of ${name} are in use, up to ${connectionsWanted} are wanted.`;
  return free >= connectionsWanted ? passed('Head-room', text) : warning('Head-room', text);
};

/** Promoting one while another has more would lose what that one has. */
const judgeFurthest: Judge = ({ candidate, replicas }) => {
  const ahead = replicas.find(({ hasMore }) => hasMore);
  if (ahead === undefined) return passed('Furthest', `No other replica that answers has more than ${candidate.name}.`);
  return failed('Furthest', `${ahead.name} has replayed more than ${candidate.name}: choose it instead.`);
};

/** What the emergency path may lose, in words. */
export function describeLoss({ candidate, missing }: SwitchoverFacts): string {
  const { bytes, writes } = missing;
  if (bytes === 0 || writes === 0) return `${candidate.name} has every write that was acknowledged by this server.`;
  const size = bytes === null ? 'an unknown number of' : `about ${bytes}`;
  if (writes === null) {
    return `${candidate.name} lacks ${size} bytes of acknowledged changes. Not all of them are kept here: some may be lost.`;
  }
  return `${candidate.name} lacks ${size} bytes, ${writes} acknowledged writes. They are kept here and are carried over.`;
}

const judgeLoss: Judge = (facts) => {
  const { bytes, writes } = facts.missing;
  const text = `${describeLoss(facts)} Writes of other servers are not known to us.`;
  return bytes === 0 || writes === 0 ? passed('Loss', text) : warning('Loss', text);
};

const planned: readonly Judge[] = [
  judgeMaster,
  judgeCandidate,
  judgeFollowing,
  judgeLag,
  judgeTransactions,
  judgeFence,
  judgeOwnFence,
  judgePromotion,
  judgeDurability,
  judgeReplicas,
  judgeRoom,
];
const emergency: readonly Judge[] = [
  judgeLostMaster,
  judgeCandidate,
  judgeFurthest,
  judgeLoss,
  judgeOwnFence,
  judgePromotion,
  judgeDurability,
  judgeReplicas,
  judgeRoom,
];

/**
 * Whether a database may take over. Pure. `failed` keeps the switchover from beginning, `warning` does not; every text
 * says what to do.
 */
export function preflight(facts: SwitchoverFacts): Check[] {
  return (facts.emergency ? emergency : planned).flatMap((judge) => judge(facts));
}
