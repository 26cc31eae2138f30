import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MarkStore, MasterMark } from './epoch.ts';

/** A mark in a file of its own, replaced in one step. What cannot be read counts as no mark. */
export function markFile(path: string): MarkStore {
  return {
    async read() {
      try {
        return parse(JSON.parse(await readFile(path, 'utf8')));
      } catch {
        return undefined;
      }
    },
    async write(mark) {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(mark)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    },
  };
}

function parse(value: unknown): MasterMark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { epoch, master, clusterId, timeline } = value as Record<string, unknown>;
  if (typeof epoch !== 'number' || typeof master !== 'string' || typeof clusterId !== 'string') return undefined;
  return { epoch, master, clusterId, timeline: typeof timeline === 'number' ? timeline : null };
}
