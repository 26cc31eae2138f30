import { crc32, inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { zipOf } from './zip.ts';

/** Reads an archive by its directory, as every program does. */
function unzip(archive: Buffer): Record<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  expect(at + archive.readUInt32LE(end + 12)).toBe(end);
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [crc, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString('ascii', at + 46, at + 46 + nameLength);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    expect(archive.subarray(local + 6, local + 28)).toEqual(archive.subarray(at + 8, at + 30));
    const begin = local + 30 + nameLength + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(begin, begin + packed));
    expect([content.length, crc32(content)]).toEqual([size, crc]);
    files[name] = content.toString();
    at += 46 + nameLength;
  }
  return files;
}

it('an archive holds what was put into it', () => {
  const files = { 'a.json': '{"a":"ä"}', 'empty.txt': '', 'long.log': 'line\n'.repeat(50_000) };
  const entries = Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) }));
  const archive = zipOf(entries, new Date('2026-03-01T12:34:56Z'));
  expect(unzip(archive)).toEqual(files);
  expect(archive.length).toBeLessThan(10_000);
  expect(unzip(zipOf([], new Date(0)))).toEqual({});
});
