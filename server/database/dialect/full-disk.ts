import type { Failure } from './dialect.ts';

/** SQLSTATE of PostgreSQL; number and name of MariaDB: a table that cannot grow, a disk that is full. */
const codes = new Set(['53100', '1114', 'ER_RECORD_FILE_FULL', '1021', 'ER_DISK_FULL']);

/** Does the failure say that there is no room left, rather than that a disk is broken? */
export function tellsOfFullDisk({ code, text }: Pick<Failure, 'code' | 'text'>): boolean {
  return codes.has(code ?? '') || /no space left/i.test(text);
}
