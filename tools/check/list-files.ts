import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'dist',
  'data',
  'test-results',
  'playwright-report',
  'coverage',
  'results',
]);
const SOURCE_FOLDERS = ['contract', 'server', 'webapp', 'tools', 'bench', 'e2e', 'bin'];
const SOURCE = /\.(?:ts|tsx|mts|js|mjs|cjs)$/;

/** Paths below `root`, with `/` on every system, of all files whose name matches; hidden folders and made folders are left out. */
export async function listFiles(root: string, name: RegExp, folder = ''): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) return name.test(entry.name) ? [path] : [];
      const wanted = entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED_FOLDERS.has(entry.name);
      return wanted ? listFiles(root, name, path) : [];
    }),
  );
  return lists.flat().sort();
}

/** All source files that we wrote: the product, its tools and its tests. */
export async function listSources(root: string): Promise<string[]> {
  const folders = SOURCE_FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const lists = await Promise.all(folders.map((folder) => listFiles(root, SOURCE, folder)));
  return lists.flat();
}
