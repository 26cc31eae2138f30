import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SwitchoverNotes } from '../database/index.ts';

const note = z.object({
  phase: z.enum(['fencing', 'promoting', 'moved']),
  from: z.string(),
  to: z.string(),
  emergency: z.boolean(),
  startedAt: z.number(),
});

/**
 * Keeps word of a switchover under way in `console/switchover.json` of the data folder. It names data sources and holds
 * no secret. A file that cannot be understood
 * is an error and never ignored: somebody may be fenced.
 */
export function openSwitchoverNotes(dataFolder: string): SwitchoverNotes {
  const path = join(dataFolder, 'console', 'switchover.json');
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const parsed = note.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      throw new Error(
        `${path} tells of a switchover that was under way and cannot be read. Make sure that the first data source is the ` +
          'master and accepts writes, then remove the file.',
      );
    },
    async write(value) {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(`${path}.tmp`, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(value)}\n`);
        // The fence must not be there before the word of it is.
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.tmp`, path);
    },
    clear: () => rm(path, { force: true }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
