import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCausality } from '../../../stores/testing/chat-fixture.ts';
import { createFileGround, type FileGround, type FileRules } from '../index.ts';

/** Real files in a folder of the test's own, which is made when something is written. */
export interface TestFiles extends FileGround {
  readonly root: string;
  /** The running configuration; a test may change it. */
  readonly settings: { -readonly [K in keyof FileRules]: FileRules[K] };
  /** The paths of all files below the folder, sorted. */
  list(): Promise<string[]>;
  remove(): Promise<void>;
}

export function createTestFiles(): TestFiles {
  const root = join(tmpdir(), `holdfast-files-${randomUUID()}`);
  const settings = { enabled: true, maxBytes: 1_000_000, maxPixels: 4_000_000, linkSecret: '', siteUrl: '' };
  return {
    root,
    settings,
    ...createFileGround({ folder: root, picturesAtOnce: 2, rules: () => settings, detached: testCausality }),
    async list() {
      const found = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = found.filter((entry) => entry.isFile());
      return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
