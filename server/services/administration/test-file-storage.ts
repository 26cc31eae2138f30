import { buffer } from 'node:stream/consumers';
import type { Logger } from '../../observability/index.ts';
import { AppError } from '../base/app-error.ts';
import { newId } from '../base/new-id.ts';
import type { FileGround } from '../files/index.ts';

/** Writes a small file where files lie, reads it again and removes it. */
export async function testFileStorage(storage: FileGround['storage'], logger: Logger): Promise<void> {
  const key = `test/${newId()}`;
  const bytes = Buffer.from(key);
  try {
    await storage.write(key, oneOf(bytes), bytes.length);
    const read = await buffer(await storage.open(key));
    await storage.remove(key);
    if (!read.equals(bytes)) throw new Error('What was read is not what was written.');
  } catch (error) {
    logger.error('files.test_failed', { error });
    throw new AppError('api.file.test_connection.app_error', { cause: error });
  }
}

async function* oneOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
