import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putOnSmallDisk, whyNoSmallDisk } from './small-disk.ts';

const why = whyNoSmallDisk();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(why !== undefined)(
  `a small disk fills, frees and goes${why === undefined ? '' : ` (skipped: ${why})`}`,
  async () => {
    const file = (name: string): string => join(folder, name);
    writeFileSync(file('before'), 'kept');
    const { mode, dev } = statSync(folder);
    const disk = putOnSmallDisk(folder, 2);
    expect(readFileSync(file('before'), 'utf8')).toBe('kept');
    expect(statSync(folder)).toMatchObject({ mode });
    expect(statSync(folder).dev).not.toBe(dev);

    writeFileSync(file('fits'), Buffer.alloc(500_000));
    disk.fill();
    expect(() => writeFileSync(file('one-byte'), 'x')).toThrow('ENOSPC');
    expect(() => writeFileSync(file('fits'), Buffer.alloc(600_000))).toThrow('ENOSPC');
    rmSync(file('fits'));
    await vi.waitFor(() => expect(() => appendFileSync(file('fits'), Buffer.alloc(5_000))).toThrow('ENOSPC'));
    disk.free();
    writeFileSync(file('after'), 'kept too');
    disk.remove();

    expect(readdirSync(folder).toSorted()).toEqual(['after', 'before', 'fits', 'one-byte']);
    expect(readFileSync(file('after'), 'utf8')).toBe('kept too');
    writeFileSync(file('large'), Buffer.alloc(3_000_000));
  },
);

it.skipIf(why !== undefined)('a folder stays as it was when no disk can be mounted for it', () => {
  writeFileSync(join(folder, 'before'), 'kept');
  // Less than nothing is no size.
  expect(() => putOnSmallDisk(folder, -1_000_000)).toThrow('mount');
  expect(readFileSync(join(folder, 'before'), 'utf8')).toBe('kept');
  expect(existsSync(`${folder}.original`)).toBe(false);
});
