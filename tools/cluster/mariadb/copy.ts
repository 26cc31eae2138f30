import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { APPLICATION_DATABASE } from '../state.ts';
import { type RunMariadb, withMariadb } from './session.ts';

/**
 * Copies the application's tables from a running server to a fresh one as they are at one moment, and makes the copy
 * ready to follow from that moment on: as a backup that is put back, whatever is left of the binary log.
 *
 * @param folder both servers may write and read it.
 */
export async function copyTables(from: string, to: string, folder: string): Promise<void> {
  await withMariadb(to, async (write) => {
    await write('SET SESSION sql_log_bin = 0');
    const position = await withMariadb(from, async (read) => {
      await read('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      for (const table of await tablesOf(read)) await copyTable(table, { read, write, file: join(folder, table) });
      return snapshotPosition(read);
    });
    // The new log begins where the copy was taken: a replica of this server may go on from there.
    for (const name of ['RESET MASTER', `SET GLOBAL gtid_binlog_state = '${position}'`]) await write(name);
    await write(`SET GLOBAL gtid_slave_pos = '${position}'`);
  });
}

async function tablesOf(read: RunMariadb): Promise<string[]> {
  const rows = await read(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${APPLICATION_DATABASE}'`,
  );
  return rows.map((row) => String(row['name']));
}

interface Copying {
  readonly read: RunMariadb;
  readonly write: RunMariadb;
  readonly file: string;
}

async function copyTable(table: string, { read, write, file }: Copying): Promise<void> {
  const [made] = await read(`SHOW CREATE TABLE ${table}`);
  await write(String(made?.['Create Table']));
  // What is computed from the rest cannot be loaded.
  const [row] =
    await read(`SELECT GROUP_CONCAT(CONCAT('\`', column_name, '\`')) AS columns FROM information_schema.columns
    WHERE table_schema = '${APPLICATION_DATABASE}' AND table_name = '${table}' AND generation_expression IS NULL`);
  const columns = String(row?.['columns']);
  try {
    await read(`SELECT ${columns} INTO OUTFILE '${file}' CHARACTER SET binary FROM ${table}`);
    await write(`LOAD DATA INFILE '${file}' INTO TABLE ${table} CHARACTER SET binary (${columns})`);
  } finally {
    rmSync(file, { force: true });
  }
}

async function snapshotPosition(read: RunMariadb): Promise<string> {
  const rows = await read("SHOW STATUS LIKE 'binlog_snapshot_%'");
  const value = (name: string): string =>
    String(rows.find((row) => String(row['Variable_name']).toLowerCase() === name)?.['Value']);
  const place = `'${value('binlog_snapshot_file')}', ${value('binlog_snapshot_position')}`;
  const [row] = await read(`SELECT BINLOG_GTID_POS(${place}) AS position`);
  return String(row?.['position']);
}
