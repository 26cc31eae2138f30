import { newId } from '../base/new-id.ts';
import { type FileRules, orRefuse } from './file-rules.ts';
import { HEAD_BYTES, pictureType, withHead } from './file-types.ts';
import type { ByteSource, FileStorage } from './storage/index.ts';

export interface DrawIncomingDeps {
  readonly storage: FileStorage;
  readonly rules: () => FileRules;
}

/**
 * Draws a picture that is coming in. What was sent lies in the storage only while it is read, below `folder`: a picture is kept
 * as we have drawn it, not as it came. Undefined when it is no picture that can be read.
 *
 * @throws AppError 413; whatever the source throws.
 */
export async function drawIncoming(
  { storage, rules }: DrawIncomingDeps,
  folder: string,
  source: ByteSource,
  draw: (path: string) => Promise<Buffer | undefined>,
): Promise<Buffer | undefined> {
  const { maxBytes } = rules();
  const key = `${folder}/${newId()}`;
  const through = withHead(source);
  try {
    await orRefuse(storage.write(key, through.source, maxBytes), maxBytes);
    const isPicture = through.head().length === HEAD_BYTES && pictureType(through.head()) !== undefined;
    return isPicture ? await orRefuse(storage.asLocalFile(key, draw), 0) : undefined;
  } finally {
    await storage.remove(key);
  }
}
