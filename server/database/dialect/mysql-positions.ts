import type { Row } from '../row.ts';
import type { DriverStatement, Position } from './connection.ts';

/*
 * A position is a list of streams, each with the number up to which everything of it is there, sorted by stream and
 * joined by commas. It reads as the server prints it:
 *
 *   MariaDB  `0-1-1006`           stream = domain `0`; `1` is the server that wrote number 1006
 *   MySQL    `3e11fa47-...:77`    stream = server uuid; every transaction up to 77
 *
 * A position has been reached when each of its streams has been. With several domains or uuids that is no total order:
 * of two positions, neither may have reached the other.
 *
 * On MariaDB a number counts within one history only: after a promotion, two servers go on with the same numbers. The
 * layer compares positions of one history only (see `token.ts`).
 */

const separators = /\s*,\s*/;

interface Stream {
  readonly name: string;
  readonly number: number;
}

function streamOf(part: string): Stream {
  const colon = part.lastIndexOf(':');
  if (colon >= 0) return { name: part.slice(0, colon), number: Number(part.slice(colon + 1)) };
  const dash = part.lastIndexOf('-');
  return { name: part.slice(0, part.indexOf('-')), number: Number(part.slice(dash + 1)) };
}

/** `uuid:1-77:80-90` -> `uuid:77`: beyond a gap nobody can tell by one number, and a lower bound is safe. */
function upToFirstGap(set: string): string {
  const [uuid = '', ...rest] = set.split(':');
  const intervals = rest.filter((part) => /^\d+(?:-\d+)?$/.test(part));
  const tags = rest.filter((part) => !intervals.includes(part));
  const [first = '0'] = intervals;
  return `${[uuid, ...tags].join(':')}:${first.slice(first.indexOf('-') + 1)}`;
}

/** GTIDs as the server gives them, in the form of a position; an empty text stays empty. */
export function normalizeGtids(text: string): Position {
  const parts = text.trim().toLowerCase().split(separators);
  const normal = parts.filter((part) => part !== '').map((part) => (part.includes(':') ? upToFirstGap(part) : part));
  return normal.length > 1 ? normal.sort().join(',') : (normal[0] ?? '');
}

/** Whether all of `atLeast` is in `position`. */
export function reachedGtids(position: Position, atLeast: Position): boolean {
  if (position === atLeast || atLeast === '') return true;
  const streams = position === '' ? [] : position.split(',').map(streamOf);
  return atLeast.split(',').every((part) => {
    const wanted = streamOf(part);
    return streams.some(({ name, number }) => name === wanted.name && number >= wanted.number);
  });
}

/** The position in the first row; null when the server keeps none (no binary log) or has written nothing yet. */
export function gtidPositionOf(rows: readonly Row[]): Position | null {
  const text = rows[0]?.['position'];
  return typeof text === 'string' && text !== '' ? normalizeGtids(text) : null;
}

// One text for both: MariaDB reads `/*M!`, MySQL from 8.0 on `/*!80000`, and each passes over the other's.

/** On a master: what it has written to its binary log. */
export const masterPosition: DriverStatement = {
  name: 'holdfast.written',
  text: 'SELECT /*M! @@global.gtid_binlog_pos *//*!80000 @@global.gtid_executed */ AS position',
};

/** On a replica: what it has applied. Not its own binary log, which is ahead of what reads see. */
export const replicaPosition: DriverStatement = {
  name: 'holdfast.applied',
  text: 'SELECT /*M! @@global.gtid_slave_pos *//*!80000 @@global.gtid_executed */ AS position',
};
