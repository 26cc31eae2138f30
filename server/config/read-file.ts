import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ConfigProblem } from '../../contract/index.ts';
import { refuse } from './problem.ts';

/** Far above any configuration; a larger file is a mistake, such as a wrong path. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export interface FileFacts {
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number | null;
}

export type FileReading = FileFacts &
  ({ readonly text: string; readonly sha: string; readonly content: Buffer } | { readonly problem: ConfigProblem });

/** What tells one content of the file from another. */
export const shaOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'The file does not exist. Check the path, or copy config/examples/one-master.json there.',
  EACCES: 'The file may not be read. Give the user that runs the server the right to read it.',
  EPERM: 'The file may not be read. Give the user that runs the server the right to read it.',
  ENOTDIR: 'A part of the path is no folder. Check the path.',
  EISDIR: 'This is no file. Name the configuration file.',
};

const reasonOf = (cause: unknown): string => {
  const { code } = cause as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? `The file cannot be read (${code ?? 'unknown error'}).`;
};

/** The text of a file's content; undefined when it is not UTF-8. */
export const decode = (content: Uint8Array): string | undefined => {
  try {
    // Strips the byte order mark that some editors write.
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
};

const toReading = (content: Buffer, facts: FileFacts): FileReading => {
  const text = decode(content);
  if (text === undefined) return { ...facts, problem: refuse('The file is not UTF-8. Save it as UTF-8 text.') };
  return { ...facts, text, sha: shaOf(content), content };
};

/** Reads the file whole, once; says what is wrong instead of throwing. */
export const readConfigFile = async (path: string): Promise<FileReading> => {
  try {
    // Asked before reading: a pipe would block, a huge file would fill the memory.
    const stats = await stat(path);
    const facts = { size: stats.size, modifiedAt: Math.floor(stats.mtimeMs) };
    if (!stats.isFile()) return { ...facts, problem: refuse(REASONS['EISDIR'] ?? '') };
    if (stats.size > MAX_FILE_BYTES) {
      return { ...facts, problem: refuse(`The file is larger than ${MAX_FILE_BYTES} bytes. Check the path.`) };
    }
    return toReading(await readFile(path), facts);
  } catch (cause) {
    return { size: null, modifiedAt: null, problem: refuse(reasonOf(cause)) };
  }
};
