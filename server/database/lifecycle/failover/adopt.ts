import type { Clock } from '../../clock.ts';
import type { Connection, Dialect, Position, ProbeReading } from '../../dialect/dialect.ts';
import type { WriteJournal } from '../../query/journal.ts';
import type { DatabaseSettings } from '../../settings/settings.ts';
import { withMaster } from '../../settings/with-master.ts';
import { applyProbe, buildTopology, type Member, newMember, type Topology } from '../../topology/index.ts';
import type { WriteGate } from '../gate.ts';
import { Inheritance } from '../inheritance.ts';
import { type Live, poolOf, type Snapshot } from '../live.ts';
import type { ModeKeeper } from '../mode.ts';
import { Refused } from '../refused.ts';
import { WriteHold } from '../write-hold.ts';

export interface AdoptDeps {
  readonly live: Live;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly gate: WriteGate;
  readonly mode: ModeKeeper;
  readonly journal: WriteJournal;
  readonly isStopping: () => boolean;
}

export interface Adoption {
  readonly from: string;
  readonly to: string;
  /** Acknowledged writes that the new master lacked and got. */
  readonly carriedOver: number;
}

/** How long writes in flight on the lost master may take to end by themselves, and again after they were cut. */
const quiesceMs = 1_000;
const statementMs = 5_000;

/**
 * Makes a database that was promoted elsewhere the master: ends what is in flight on the lost one, proves the new one
 * by a real write, brings over the acknowledged writes that it lacks, and publishes the next generation.
 *
 * @throws Refused or a driver's error; then nothing has changed.
 */
export async function adopt(deps: AdoptDeps, name: string): Promise<Adoption> {
  const before = deps.live.current;
  const from = before.topology.master.name;
  const hold = new WriteHold(deps, 'failover');
  hold.begin(from, name);
  try {
    await endWrites(deps, before);
    const lease = await poolNamed(before, name).acquire();
    let reusable = false;
    try {
      const carriedOver = await move(deps, { before, name, connection: lease.connection });
      reusable = true;
      return { from, to: name, carriedOver };
    } finally {
      lease.release(reusable);
    }
  } finally {
    hold.end();
  }
}

function poolNamed(snapshot: Snapshot, name: string) {
  const member = snapshot.topology.members.find((one) => one.name === name);
  if (member === undefined) throw new Refused(`${name} is no data source any more.`);
  return poolOf(snapshot, member);
}

/** After this, nothing more is acknowledged by the lost master: the journal holds all that was. */
async function endWrites({ gate }: AdoptDeps, before: Snapshot): Promise<void> {
  const { master } = before.topology;
  const pool = poolOf(before, master);
  const isSilent = master.badProbes > 0;
  if (!isSilent && (await gate.quiesce(quiesceMs))) return;
  pool.cut();
  pool.refuseWaiting();
  if (!(await gate.quiesce(quiesceMs))) throw new Refused(`Writes in flight on ${master.name} did not end.`);
}

interface Step {
  readonly before: Snapshot;
  readonly name: string;
  readonly connection: Connection;
}

async function move(deps: AdoptDeps, { before, name, connection }: Step): Promise<number> {
  const { dialect, journal } = deps;
  await dialect.proveWritable(connection, statementMs);
  await dialect.adopt(connection, statementMs);
  const inheritance = new Inheritance(deps, { name, connection, timeoutMs: statementMs });
  await inheritance.prepare(before.topology);
  const carried = await inheritance.rest(statementMs);
  const { floor, restartsJournal } = await inheritance.begin(statementMs);
  const reading = await dialect.probe(connection, statementMs);
  assertStillWanted(deps, before, name);
  publish(deps, { name, reading, floor });
  if (restartsJournal) journal.startAt(floor);
  inheritance.tell(carried);
  return carried?.applied ?? 0;
}

/** The lost master may have come back, or another one have been promoted, while we were busy. */
function assertStillWanted({ live, mode, isStopping }: AdoptDeps, before: Snapshot, name: string): void {
  if (isStopping()) throw new Refused('The server is stopping.');
  const { verdict } = mode;
  const isWanted = verdict.kind === 'adopt' && verdict.name === name;
  const isSame = live.current.topology.generation === before.topology.generation;
  if (!isWanted || !isSame) throw new Refused('The databases have changed meanwhile.');
}

interface Found {
  readonly name: string;
  readonly reading: ProbeReading;
  readonly floor: Position;
}

function publish({ live, clock, dialect }: AdoptDeps, { name, reading, floor }: Found): void {
  const { current } = live;
  const settings = withMaster(current.settings, name);
  const now = clock.now();
  const members = membersUnder(current.topology, settings, { reading, now, reached: dialect.reached });
  const generation = current.topology.generation + 1;
  const { gaveUp } = current.topology;
  const topology = buildTopology(members, { generation, since: now, masterSince: now, gaveUp });
  live.publish({ settings, pools: current.pools, floor, topology }, { forced: true });
}

interface Seen {
  readonly reading: ProbeReading;
  readonly now: number;
  readonly reached: Dialect['reached'];
}

/** The members with the new master; the others must be seen to follow it before they serve again. */
function membersUnder(running: Topology, settings: DatabaseSettings, { reading, now, reached }: Seen): Member[] {
  return settings.sources.map((configured) => {
    const { source, role, index } = configured;
    const known = running.members.find((member) => member.name === source.name) ?? newMember(configured, now);
    const start: Member = { ...known, role, index, sharedUpTo: null };
    if (role !== 'master') return start.health === 'offline' ? start : doubted(start, now);
    return applyProbe(
      { ...start, health: 'suspect' },
      { ok: true, reading },
      {
        now,
        clusterId: running.master.clusterId,
        masterAnswers: true,
        masterTimeline: reading.timeline,
        reached,
        lagMs: 0,
        lagBytes: 0,
        limits: { lagMs: settings.lagLimitMs, lagBytes: settings.lagLimitBytes },
      },
    );
  });
}

function doubted(member: Member, now: number): Member {
  const cause = 'The master has changed: it is asked whether it follows the new one.';
  return { ...member, health: 'suspect', cause, healthSince: now, goodProbes: 0 };
}
