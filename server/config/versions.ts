import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../observability/index.ts';
import { shaOf } from './read-file.ts';

/** A version is named by the SHA-256 of its content, and a name that is none is never made a path of. */
const NAME = /^([0-9a-f]{64})\.json$/;

/**
 * Contents of the configuration file that were in use, byte for byte, so that they can be compared and restored. They
 * hold the passwords of their time: only the user that runs the server may read them, as the file that the server
 * writes. What cannot be kept costs a way back and never the reload.
 */
export interface ConfigVersions {
  /** Keeps the content. Never throws. */
  keep(content: Uint8Array): Promise<void>;
  /** The content; undefined when it is not kept, or not as it was. */
  read(sha: string): Promise<Buffer | undefined>;
  /** Names of all that is kept. */
  list(): Promise<string[]>;
  /** Forgets all other versions. Never throws. */
  forgetAllBut(shas: ReadonlySet<string>): Promise<void>;
}

export const createConfigVersions = (folder: string, logger: Logger): ConfigVersions => {
  const fileOf = (sha: string): string => join(folder, `${sha}.json`);
  const list = async (): Promise<string[]> => {
    const names = await readdir(folder).catch((): string[] => []);
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      logger.warn('config_versions.unwritable', { folder, reason: code ?? 'unknown error' });
    }
  };
  return {
    keep: (content) =>
      attempt(async () => {
        const sha = shaOf(content);
        if ((await list()).includes(sha)) return;
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(`${fileOf(sha)}.tmp`, content, { mode: 0o600 });
        await rename(`${fileOf(sha)}.tmp`, fileOf(sha));
      }),
    async read(sha) {
      if (!NAME.test(`${sha}.json`)) return undefined;
      const content = await readFile(fileOf(sha)).catch(() => undefined);
      return content !== undefined && shaOf(content) === sha ? content : undefined;
    },
    list,
    forgetAllBut: (shas) =>
      attempt(async () => {
        const others = (await list()).filter((sha) => !shas.has(sha));
        await Promise.all(others.map((sha) => rm(fileOf(sha), { force: true })));
      }),
  };
};
