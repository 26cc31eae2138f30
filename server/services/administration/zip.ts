import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** ASCII, without a folder. */
  readonly name: string;
  readonly content: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;

/**
 * The entries as one ZIP archive (PKWARE's APPNOTE, without any of its extensions). It is for a handful of small files, held in
 * memory: no more than 4 GB, and no more than 65,535 of them.
 */
export function zipOf(entries: readonly ZipEntry[], at: Date): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const bytes = Buffer.from(name, 'ascii');
    const packed = deflateRawSync(content);
    const facts = factsOf(content, packed, bytes.length, at);
    const local = Buffer.concat([words(LOCAL), shorts(VERSION), facts, shorts(0), bytes, packed]);
    central.push(
      Buffer.concat([
        ...[words(CENTRAL), shorts(VERSION, VERSION), facts],
        ...[shorts(0, 0, 0, 0), words(0, offset), bytes],
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const count = entries.length;
  const end = Buffer.concat([words(END), shorts(0, 0, count, count), words(directory.length, offset), shorts(0)]);
  return Buffer.concat([...parts, directory, end]);
}

/** What both headers of an entry have in common: flags to the length of the name. */
function factsOf(content: Buffer, packed: Buffer, nameLength: number, at: Date): Buffer {
  return Buffer.concat([
    shorts(0, DEFLATED, timeOf(at), dateOf(at)),
    words(crc32(content), packed.length, content.length),
    shorts(nameLength),
  ]);
}

// Times of MS-DOS have steps of two seconds and begin with 1980.
const timeOf = (at: Date): number =>
  (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | Math.floor(at.getUTCSeconds() / 2);
const dateOf = (at: Date): number =>
  (Math.max(0, at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();

const shorts = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const words = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
