import type { DiskReading, DiskSpace } from '../dialect/disk-reading.ts';
import type { AssignedRole } from '../settings/settings.ts';
import { type DiskSample, withSample } from './growth.ts';

/** What is known about the space of one member. A value: each check makes a new one. Times by the layer's clock. */
export interface MemberDisk {
  readonly name: string;
  readonly role: AssignedRole;
  /** The last answer; null until the first one. */
  readonly reading: DiskReading | null;
  readonly readAt: number | null;
  /** Why the last check failed, else null: what is known is from an earlier one then. */
  readonly failure: string | null;
  /** Of the disk of the data while its size is known, otherwise of our database. */
  readonly samples: readonly DiskSample[];
  /** The last time that it refused something because nothing was free. */
  readonly refusedAt: number | null;
  readonly refusal: string;
}

/** A member that was not asked yet. */
export function newMemberDisk(name: string, role: AssignedRole): MemberDisk {
  return { name, role, reading: null, readAt: null, failure: null, samples: [], refusedAt: null, refusal: '' };
}

/** The disk of the data, as far as it is known. */
export function spaceOf({ reading }: Pick<MemberDisk, 'reading'>): DiskSpace | null {
  return reading === null || 'unknown' in reading.space ? null : reading.space;
}

/** All that can be filled, used or free. */
export function totalOf({ usedBytes, freeBytes }: DiskSpace): number {
  return usedBytes + freeBytes;
}

/** The member after an answer. Samples of another measure say nothing about the growth of this one. */
export function withReading(member: MemberDisk, reading: DiskReading, at: number): MemberDisk {
  const space = spaceOf({ reading });
  const sameMeasure = (space === null) === (spaceOf(member) === null);
  const usedBytes = space?.usedBytes ?? reading.databaseBytes;
  const before = sameMeasure ? member.samples : [];
  const samples = usedBytes === null ? before : withSample(before, { at, usedBytes });
  return { ...member, reading, readAt: at, failure: null, samples };
}
