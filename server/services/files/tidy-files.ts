import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { FileStore, UploadSessionStore } from '../../stores/files/index.ts';
import { folderOf, uploadKey } from './file-keys.ts';
import type { FileStorage } from './storage/index.ts';

export interface TidyFilesDeps {
  readonly files: FileStore;
  readonly uploads: UploadSessionStore;
  readonly storage: FileStorage;
  readonly detached: () => Causality;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const dayMs = 86_400_000;
/** A draft may hold a file for as long before it is posted. */
const ABANDONED_AFTER_MS = 7 * dayMs;
/** An upload in pieces may rest for as long. */
const STALE_AFTER_MS = 3 * dayMs;
const INTERRUPTED_AFTER_MS = dayMs;
const AT_ONCE = 100;

/**
 * Removes what nobody will come back for: files that were never posted, uploads that were never completed, and what
 * killed servers have left. Every server may do it at any time: a file is withdrawn in the database, where nobody can attach
 * it any more, before its bytes go, and its row goes last.
 */
export function createTidyFiles(deps: TidyFilesDeps): () => Promise<void> {
  const { files, uploads, storage, detached, logger, now } = deps;

  async function tidyAbandoned(): Promise<number> {
    const abandoned = await files.abandoned(now() - ABANDONED_AFTER_MS, AT_ONCE);
    const ids = abandoned.map((file) => file.id);
    const withdrawn = await files.withdraw(detached(), ids, now());
    for (const file of withdrawn) await storage.remove(folderOf(file));
    await files.forget(
      detached(),
      withdrawn.map((file) => file.id),
    );
    return withdrawn.length;
  }

  async function tidyUploads(): Promise<number> {
    const stale = await uploads.stale(now() - STALE_AFTER_MS, AT_ONCE);
    for (const upload of stale) await storage.remove(uploadKey(upload.id));
    await uploads.remove(
      detached(),
      stale.map((upload) => upload.id),
    );
    return stale.length;
  }

  return async () => {
    try {
      const interrupted = await storage.sweep(now() - INTERRUPTED_AFTER_MS);
      const [stale, abandoned] = [await tidyUploads(), await tidyAbandoned()];
      if (interrupted + stale + abandoned > 0) logger.info('files.tidied', { interrupted, stale, abandoned });
    } catch (error) {
      // It is done again soon.
      logger.warn('files.tidy_failed', { error });
    }
  };
}
