import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One transaction: which server wrote it, and its number in the one sequence that all servers of a cluster share. */
export interface Written {
  readonly server: number;
  readonly sequence: bigint;
}

/** What a server has in its binary log. */
export interface History {
  /** The number under which it writes transactions of its own. */
  readonly serverId: number;
  /** The last transaction of each server. */
  readonly known: ReadonlyMap<number, bigint>;
}

/** How a server's binary log is called. */
export const BINARY_LOG = 'binlog';

const MAGIC_LENGTH = 4;
const HEADER_LENGTH = 19;
const GTID = 162;
const GTID_LIST = 163;

/**
 * Reads the history from the files of the binary log, so that it can be told of a dead or frozen server, too: which of two
 * masters has superseded the other is nowhere else.
 */
export function readHistory(logDirectory: string, serverId: number): History {
  const known = new Map<number, bigint>();
  const add = ({ server, sequence }: Written): void => {
    if (sequence > (known.get(server) ?? -1n)) known.set(server, sequence);
  };
  for (const file of filesOf(logDirectory).reverse()) {
    // Each file begins with a list of what is in the files before it; a crash may have left one without.
    if (readLog(file, add)) break;
  }
  return { serverId, known };
}

function filesOf(logDirectory: string): string[] {
  const index = join(logDirectory, `${BINARY_LOG}.index`);
  if (!existsSync(index)) return [];
  const lines = readFileSync(index, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => join(logDirectory, basename(line)));
}

/** True when the file began with its list. */
function readLog(file: string, add: (written: Written) => void): boolean {
  if (!existsSync(file)) return false;
  const content = readWhole(file);
  let hasList = false;
  for (let at = MAGIC_LENGTH; at + HEADER_LENGTH <= content.length; ) {
    const length = content.readUInt32LE(at + 9);
    // The last event of a log that is being written, or was when its server died.
    if (length < HEADER_LENGTH || at + length > content.length) break;
    const type = content[at + 4];
    const body = content.subarray(at + HEADER_LENGTH, at + length);
    if (type === GTID_LIST) {
      hasList = true;
      for (const written of listIn(body)) add(written);
    } else if (type === GTID) add({ server: content.readUInt32LE(at + 5), sequence: body.readBigUInt64LE(0) });
    at += length;
  }
  return hasList;
}

// What is written meanwhile is left out.
function readWhole(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const content = Buffer.alloc(fstatSync(descriptor).size);
    return content.subarray(0, readSync(descriptor, content));
  } finally {
    closeSync(descriptor);
  }
}

/** A count, and for each entry the domain, the server and the sequence number. All is in one domain here. */
function* listIn(body: Buffer): Iterable<Written> {
  const count = body.readUInt32LE(0) & 0x0fffffff;
  for (let at = 4; at < 4 + 16 * count; at += 16) {
    yield { server: body.readUInt32LE(at + 4), sequence: body.readBigUInt64LE(at + 8) };
  }
}

/** The newest transaction, undefined when there is none. */
export function lastOf({ known }: History): Written | undefined {
  let last: Written | undefined;
  for (const [server, sequence] of known) if (sequence > (last?.sequence ?? -1n)) last = { server, sequence };
  return last;
}

/** As MariaDB writes it; empty for nothing. */
export function positionOf(history: History): string {
  const last = lastOf(history);
  return last === undefined ? '' : `0-${last.server}-${last.sequence}`;
}

/** Whether everything that `history` ends with is part of the master's. */
export function isPartOf(history: History, master: History): boolean {
  const last = lastOf(history);
  return last === undefined || (master.known.get(last.server) ?? -1n) >= last.sequence;
}

/**
 * Orders masters by which has superseded which, the newest first. Where two went apart, the server that wrote the last common
 * transaction is the old master, which went on; the other one was promoted.
 */
export function newestFirst(a: History, b: History): number {
  if (isPartOf(a, b)) return isPartOf(b, a) ? 0 : 1;
  if (isPartOf(b, a)) return -1;
  const fork = forkOf(a, b);
  if (fork?.server === a.serverId) return 1;
  if (fork?.server === b.serverId) return -1;
  return (lastOf(a)?.sequence ?? 0n) > (lastOf(b)?.sequence ?? 0n) ? -1 : 1;
}

/** The last transaction that both have. */
function forkOf(a: History, b: History): Written | undefined {
  let fork: Written | undefined;
  for (const [server, inA] of a.known) {
    const inB = b.known.get(server);
    if (inB === undefined) continue;
    const sequence = inA < inB ? inA : inB;
    if (sequence > (fork?.sequence ?? -1n)) fork = { server, sequence };
  }
  return fork;
}

/** The sequence number of a position as MariaDB writes it, `0-2-17`; 0 for none. All is in one domain here. */
export function sequenceOf(position: string): bigint {
  const [, sequence] = /^\d+-\d+-(\d+)$/.exec(position) ?? [];
  return BigInt(sequence ?? 0);
}
