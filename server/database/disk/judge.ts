import type { DiskSpace, SlotReading } from '../dialect/disk-reading.ts';
import { inWords } from './in-words.ts';
import { type MemberDisk, spaceOf, totalOf } from './member-disk.ts';

/** Something about disks that an operator should act upon. */
export interface DiskWarning {
  readonly kind: 'disk_low' | 'disk_full' | 'slot_holds_back' | 'no_roomy_replica';
  readonly severity: 'warning' | 'error';
  /** Name of the data source. */
  readonly source: string;
  /** Which disk, or which slot; together with kind and source it tells one warning from another. */
  readonly about: string;
  readonly text: string;
}

export interface DiskRules {
  readonly now: number;
  /** A slot may hold back so many bytes. */
  readonly slotLimitBytes: number;
}

/** Used shares from which a disk is low; a level is left this much below, so that it does not flicker at the line. */
const warningShare = 0.8;
const errorShare = 0.9;
const shareMargin = 0.02;
/** A slot is fine again when it holds back less than this share of its limit. */
const slotReturn = 0.8;
/** How roomy a replica should be, and how far below that the size may move before somebody is told. */
const roomyTimes = 3;
const roomyMargin = 0.05;
/** How long a disk counts as full after the last refusal: the next one may come from something that writes rarely. */
const fullMs = 10 * 60_000;

/**
 * All warnings about these members.
 *
 * @param standing those of the last judgement, for the hysteresis.
 */
export function judgeDisks(
  members: readonly MemberDisk[],
  standing: readonly DiskWarning[],
  rules: DiskRules,
): DiskWarning[] {
  const found = members.flatMap((member) => [
    ...refusalWarnings(member, rules.now),
    ...levelWarnings(member, standing),
    ...slotWarnings(member, standing, rules.slotLimitBytes),
  ]);
  return [...found, ...roomWarnings(members, standing)];
}

function standingOne(standing: readonly DiskWarning[], one: Omit<DiskWarning, 'text' | 'severity'>) {
  return standing.find(({ kind, source, about }) => kind === one.kind && source === one.source && about === one.about);
}

function refusalWarnings({ name, refusedAt, refusal }: MemberDisk, now: number): DiskWarning[] {
  if (refusedAt === null || now - refusedAt >= fullMs) return [];
  const text = `${name} could not write, because a disk is full: ${refusal}. Make room on it now.`;
  return [{ kind: 'disk_full', severity: 'error', source: name, about: '', text }];
}

function levelWarnings(member: MemberDisk, standing: readonly DiskWarning[]): DiskWarning[] {
  const disks = [
    ['data', spaceOf(member)],
    ['log', member.reading?.logSpace ?? null],
  ] as const;
  return disks.flatMap(([about, space]) => {
    if (space === null) return [];
    const warning = { kind: 'disk_low', source: member.name, about } as const;
    const severity = levelOf(space, standingOne(standing, warning)?.severity);
    return severity === undefined ? [] : [{ ...warning, severity, text: levelText(member.name, about, space) }];
  });
}

function levelOf(space: DiskSpace, before: DiskWarning['severity'] | undefined): DiskWarning['severity'] | undefined {
  const share = space.usedBytes / Math.max(1, totalOf(space));
  if (share >= errorShare - (before === 'error' ? shareMargin : 0)) return 'error';
  return share >= warningShare - (before === undefined ? 0 : shareMargin) ? 'warning' : undefined;
}

function levelText(name: string, about: 'data' | 'log', space: DiskSpace): string {
  const percent = Math.floor((space.usedBytes / Math.max(1, totalOf(space))) * 100);
  const which = about === 'data' ? `The disk of ${name}` : `The disk of the log of ${name}`;
  const room = `${inWords(space.freeBytes)} of ${inWords(totalOf(space))} free`;
  return `${which} is ${percent} % full, ${room}. Make room, or move the master to a replica with a larger disk.`;
}

function slotWarnings(member: MemberDisk, standing: readonly DiskWarning[], limitBytes: number): DiskWarning[] {
  return (member.reading?.slots ?? []).flatMap((slot) => {
    const warning = { kind: 'slot_holds_back', source: member.name, about: slot.name } as const;
    const limit = standingOne(standing, warning) === undefined ? limitBytes : limitBytes * slotReturn;
    const fault = slotFault(slot, limit);
    return fault === undefined
      ? []
      : [{ ...warning, severity: fault.severity, text: `On ${member.name}, ${fault.text}` }];
  });
}

function slotFault(
  { name, state, heldBytes, active }: SlotReading,
  limitBytes: number,
): Pick<DiskWarning, 'severity' | 'text'> | undefined {
  const slot = `the replication slot ${name}`;
  const held = inWords(heldBytes ?? 0);
  if (state === 'lost') {
    return {
      severity: 'error',
      text: `${slot} has lost log that its replica needs. Rebuild that replica, or drop the slot.`,
    };
  }
  if (state === 'endangered') {
    return {
      severity: 'error',
      text: `${slot} loses log that its replica needs with the next checkpoint. Let the replica catch up now.`,
    };
  }
  if (state !== 'extended' && (heldBytes ?? 0) <= limitBytes) return undefined;
  const who = active ? 'its replica is behind' : 'nobody receives from it';
  return {
    severity: 'warning',
    text: `${slot} holds back ${held} of log, and ${who}. Bring the replica back, or drop the slot before the disk is full.`,
  };
}

/**
 * Low disk space is a common reason for moving the master, and it helps only where there is much more room. Judged
 * when all sizes are known: an unknown one may be the roomy one.
 */
function roomWarnings(members: readonly MemberDisk[], standing: readonly DiskWarning[]): DiskWarning[] {
  const master = members.find(({ role }) => role === 'master');
  const replicas = members.filter(({ role }) => role !== 'master');
  const space = master && spaceOf(master);
  const sizes = replicas.flatMap((replica) => spaceOf(replica) ?? []).map(totalOf);
  if (!master || !space || sizes.length === 0 || sizes.length < replicas.length) return [];
  const warning = { kind: 'no_roomy_replica', source: master.name, about: '' } as const;
  const margin = standingOne(standing, warning) === undefined ? roomyMargin : 0;
  const total = totalOf(space);
  if (Math.max(...sizes) >= total * (roomyTimes - margin)) return [];
  const text =
    `No replica has three times the disk of the master ${master.name} (${inWords(total)}; the largest has ` +
    `${inWords(Math.max(...sizes))}). When the master's disk runs full, moving to a replica helps only if that one has ` +
    `much more room: give one of them ${inWords(total * roomyTimes)}.`;
  return [{ ...warning, severity: 'warning', text }];
}
