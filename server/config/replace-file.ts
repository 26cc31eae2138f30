import { readConfigFile } from './read-file.ts';
import { isWritable, writeConfigFile } from './write-file.ts';

/** `changed`: the file holds something else than was expected, and was left alone. */
export type FileReplacement = 'written' | 'changed' | 'not-writable' | { readonly failure: string };

/**
 * Puts `content` in place of the file, in one step and with the old content kept as `<name>.bak`, if the file still
 * holds what the caller has seen. Never throws.
 *
 * @param expected SHA-256 of the file's content, null when it could not be read.
 */
export const replaceConfigFile = async (
  path: string,
  content: Uint8Array,
  expected: string | null,
): Promise<FileReplacement> => {
  if (!(await isWritable(path))) return 'not-writable';
  const reading = await readConfigFile(path);
  if (('sha' in reading ? reading.sha : null) !== expected) return 'changed';
  try {
    await writeConfigFile(path, content);
    return 'written';
  } catch (error) {
    return { failure: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
};
