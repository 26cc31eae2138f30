import { Readable } from 'node:stream';
import { beforeEach, expect, it } from 'vitest';
import { type FileStorage, StorageMissing, TooLarge } from './file-storage.ts';

const MAX = 1_000;

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* failing(...texts: string[]): AsyncGenerator<Uint8Array> {
  yield* pieces(...texts);
  throw new Error('The client went away.');
}

/** What every storage does. `open` gives an empty one; `leftovers` lists everything that lies in it, whole or not. */
export function fileStorageContract(open: () => Promise<FileStorage>, leftovers: () => Promise<string[]>): void {
  let storage: FileStorage;
  beforeEach(async () => {
    storage = await open();
  });
  const read = async (key: string, first?: number, last?: number): Promise<string> => {
    const range = first === undefined || last === undefined ? undefined : { first, last };
    return Buffer.concat(await (await storage.open(key, range)).toArray()).toString();
  };

  it('keeps what it was given, whole and in parts', async () => {
    expect(await storage.write('a/b', pieces('one ', '', 'two'), MAX)).toBe(7);
    expect(await storage.size('a/b')).toBe(7);
    expect(await read('a/b')).toBe('one two');
    expect(await read('a/b', 2, 4)).toBe('e t');
    expect(await read('a/b', 6, 6)).toBe('o');
    expect(await storage.asLocalFile('a/b', async (path) => path.length)).toBeGreaterThan(0);
  });

  it('keeps nothing, takes the place of what was there, and has room for exactly the limit', async () => {
    expect(await storage.write('a', pieces(), MAX)).toBe(0);
    expect(await storage.size('a')).toBe(0);
    await storage.write('a', pieces('x'.repeat(MAX)), MAX);
    await storage.write('a', pieces('new'), MAX);
    expect(await read('a')).toBe('new');
  });

  it.each([
    ['fails', () => failing('half of'), 'The client went away.'],
    ['is too long', () => pieces('x'.repeat(MAX), 'y'), TooLarge],
    ['is too long in one piece', () => pieces('x'.repeat(MAX + 1)), TooLarge],
  ])('leaves nothing of a source that %s, and what was there before as it was', async (_how, source, problem) => {
    await expect(storage.write('a', source(), MAX)).rejects.toThrow(problem);
    expect(await leftovers()).toEqual([]);
    await storage.write('a', pieces('before'), MAX);
    await expect(storage.write('a', source(), MAX)).rejects.toThrow(problem);
    expect(await read('a')).toBe('before');
    expect(await leftovers()).toHaveLength(1);
  });

  it('shows nothing of an object before all of it is there', async () => {
    const source = new Readable({ read: () => undefined });
    const written = storage.write('slow', source, MAX);
    source.push('a beginning');
    await expect.poll(leftovers).toHaveLength(1);
    expect(await storage.size('slow')).toBeUndefined();
    source.push(null);
    await written;
    expect(await read('slow')).toBe('a beginning');
  });

  it('knows what is not there', async () => {
    await storage.write('there', pieces('x'), MAX);
    for (const key of ['nothing', 'no/where/at/all', 'there/below']) {
      expect(await storage.size(key)).toBeUndefined();
      await expect(storage.open(key)).rejects.toThrow(StorageMissing);
      await expect(storage.asLocalFile(key, async () => 1)).rejects.toThrow(StorageMissing);
    }
  });

  it('removes one, or all below it, and what is not there', async () => {
    for (const key of ['f/1/a', 'f/1/b', 'f/10/a']) await storage.write(key, pieces('x'), MAX);
    await storage.remove('f/1');
    expect([await storage.size('f/1/a'), await storage.size('f/10/a')]).toEqual([undefined, 1]);
    await storage.remove('f/10/a');
    await storage.remove('f/10/a');
    expect(await leftovers()).toEqual([]);
  });

  it('takes an object in pieces, keeping what came before a failure, and moves it when it is whole', async () => {
    expect(await storage.append('up/1', pieces('one ', 'two '), MAX)).toBe(8);
    await expect(storage.append('up/1', failing('three '), MAX)).rejects.toThrow('went away');
    expect(await storage.size('up/1')).toBe(14);
    expect(await storage.append('up/1', pieces(), MAX)).toBe(14);
    expect(await storage.append('up/1', pieces('four'), MAX)).toBe(18);
    await storage.move('up/1', 'f/1/whole');
    await storage.move('up/1', 'f/1/whole');
    expect(await read('f/1/whole')).toBe('one two three four');
    expect(await storage.size('up/1')).toBeUndefined();
    await expect(storage.move('up/2', 'f/2/whole')).rejects.toThrow('The file storage failed');
  });

  it('takes no more in pieces than fits, and keeps that', async () => {
    await expect(storage.append('up/1', pieces('x'.repeat(MAX - 1), 'yz'), MAX)).rejects.toThrow(TooLarge);
    expect(await storage.size('up/1')).toBe(MAX);
  });

  it('sweeps what interrupted writes have left, and nothing else', async () => {
    await storage.write('f/1', pieces('x'), MAX);
    await storage.append('up/1', pieces('x'), MAX);
    const source = new Readable({ read: () => undefined });
    const written = storage.write('slow', source, MAX);
    await expect.poll(leftovers).toHaveLength(3);
    expect(await storage.sweep(Date.now() - 3_600_000)).toBe(0);
    expect(await storage.sweep(Date.now() + 3_600_000)).toBe(1);
    source.push(null);
    await written.catch(() => undefined);
    expect([await storage.size('f/1'), await storage.size('up/1')]).toEqual([1, 1]);
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a/..',
    '.',
    '..',
    'a//b',
    'a/',
    'A',
    'a\\b',
    'a\0',
    '.incoming/x',
    'ä',
  ])('refuses %j, which is no key', async (key) => {
    expect(() => storage.write(key, pieces('x'), MAX)).toThrow('Not a key');
    await expect(async () => storage.open(key)).rejects.toThrow('Not a key');
    expect(() => storage.remove(key)).toThrow('Not a key');
    expect(await leftovers()).toEqual([]);
  });
}
