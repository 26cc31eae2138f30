import type { Row } from '../row.ts';
import type { DriverStatement, Position } from './connection.ts';

/** `0/16B3748` as 16 hexadecimal digits: such texts compare as the positions do. */
export function normalizeLsn(lsn: string): Position {
  const [high = '', low = ''] = lsn.split('/');
  return high.padStart(8, '0').toUpperCase() + low.padStart(8, '0').toUpperCase();
}

/** The position in the first row; null when the server has none. */
export function positionOf(rows: readonly Row[]): Position | null {
  const text = rows[0]?.['position'];
  return typeof text === 'string' ? normalizeLsn(text) : null;
}

// The flush position: the insert position may be ahead of anything that a replica can replay.
export const masterPosition: DriverStatement = {
  name: 'holdfast.flushed',
  text: 'SELECT pg_current_wal_flush_lsn()::text AS position',
};

export const replicaPosition: DriverStatement = {
  name: 'holdfast.replayed',
  text: 'SELECT pg_last_wal_replay_lsn()::text AS position',
};
