import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageFailure } from './file-storage.ts';
import { fileStorageContract } from './file-storage.contract.ts';
import { createLocalStorage } from './local-storage.ts';

let root: string;
afterEach(() => rm(root, { recursive: true, force: true }));

const openRoot = () => {
  root = join(tmpdir(), `holdfast-storage-${randomUUID()}`);
  return createLocalStorage(root);
};
const leftovers = async (): Promise<string[]> => {
  const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
};

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x');
}

describe('a folder', () => {
  fileStorageContract(async () => openRoot(), leftovers);

  it('is for its owner alone', async () => {
    await openRoot().write('f/1', pieces(), 10);
    expect([(await stat(root)).mode & 0o077, (await stat(join(root, 'f/1'))).mode & 0o077]).toEqual([0, 0]);
  });

  it('that cannot be written fails as a storage, not as its client', async () => {
    const storage = openRoot();
    await mkdir(join(root, '..'), { recursive: true });
    await writeFile(root, 'a file where the folder should be');
    await expect(storage.write('f/1', pieces(), 10)).rejects.toThrow(StorageFailure);
    await expect(storage.append('f/1', pieces(), 10)).rejects.toThrow(StorageFailure);
    await chmod(root, 0o600);
  });
});
