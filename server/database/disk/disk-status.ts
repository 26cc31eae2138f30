import type { DiskSpace } from '../dialect/disk-reading.ts';
import { growthPerHour, hoursLeft } from './growth.ts';
import type { DiskWarning } from './judge.ts';
import { type MemberDisk, spaceOf, totalOf } from './member-disk.ts';

/** A disk as the console shows it, in bytes. */
export interface DiskSpaceStatus {
  total_bytes: number;
  free_bytes: number;
  source: string;
}

/** The space of one data source as the console shows it: values, or why there are none. */
export interface DiskStatus {
  checked_at: number | null;
  failure: string | null;
  database_bytes: number | null;
  log_bytes: number | null;
  space: DiskSpaceStatus | null;
  log_space: DiskSpaceStatus | null;
  unknown: string | null;
  growth_bytes_per_hour: number | null;
  hours_left: number | null;
  times_master: number | null;
  warnings: Pick<DiskWarning, 'kind' | 'severity' | 'text'>[];
}

const statusOfSpace = (space: DiskSpace | null): DiskSpaceStatus | null =>
  space && { total_bytes: totalOf(space), free_bytes: space.freeBytes, source: space.source };

function whyUnknown({ reading, failure }: MemberDisk): string | null {
  if (reading === null) return failure ?? 'Not asked yet.';
  return 'unknown' in reading.space ? reading.space.unknown : null;
}

function timesMaster(own: DiskSpace | null, master: MemberDisk | undefined): number | null {
  const space = master === undefined ? null : spaceOf(master);
  return own === null || space === null || totalOf(space) === 0 ? null : totalOf(own) / totalOf(space);
}

/** @param master the member that is the master; undefined when nothing is known of it. */
export function diskStatus(
  member: MemberDisk,
  master: MemberDisk | undefined,
  warnings: readonly DiskWarning[],
): DiskStatus {
  const space = spaceOf(member);
  const growth = growthPerHour(member.samples);
  return {
    checked_at: member.readAt === null ? null : Math.round(member.readAt),
    failure: member.failure,
    database_bytes: member.reading?.databaseBytes ?? null,
    log_bytes: member.reading?.logBytes ?? null,
    space: statusOfSpace(space),
    log_space: statusOfSpace(member.reading?.logSpace ?? null),
    unknown: whyUnknown(member),
    growth_bytes_per_hour: growth === null ? null : Math.round(growth),
    hours_left: space === null ? null : hoursLeft(space.freeBytes, growth),
    times_master: member.role === 'master' ? null : timesMaster(space, master),
    warnings: warnings
      .filter(({ source }) => source === member.name)
      .map(({ kind, severity, text }) => ({ kind, severity, text })),
  };
}
