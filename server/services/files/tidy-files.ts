import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { FileStore, UploadSessionStore } from '../../stores/files/index.ts';
import { uploadKey } from './file-keys.ts';
import type { FileStorage } from './storage/index.ts';
import { withdrawFiles } from './withdraw-files.ts';

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
 * killed servers have left. Every server may do it at any time.
 */
export function createTidyFiles(deps: TidyFilesDeps): () => Promise<void> {
  const { files, uploads, storage, detached, logger, now } = deps;

  async function tidyAbandoned(): Promise<number> {
    const abandoned = await files.abandoned(now() - ABANDONED_AFTER_MS, AT_ONCE);
    return withdrawFiles(deps, detached(), abandoned);
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
