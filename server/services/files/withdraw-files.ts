import type { Causality } from '../../database/index.ts';
import type { FileStore } from '../../stores/files/index.ts';
import { folderOf } from './file-keys.ts';
import type { FileStorage } from './storage/index.ts';

export interface WithdrawFilesDeps {
  readonly files: Pick<FileStore, 'withdraw' | 'forget'>;
  readonly storage: Pick<FileStorage, 'remove'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Removes those of the files that hang on no post. A file is withdrawn in the database, where nobody can attach it any
 * more, before its bytes go, and its row goes last: whatever breaks off in between is done again by the clean-up.
 *
 * @returns how many were removed.
 */
export async function withdrawFiles(
  { files: store, storage, now }: WithdrawFilesDeps,
  causality: Causality,
  files: readonly { readonly id: string }[],
): Promise<number> {
  const asked = files.map(({ id }) => id);
  const withdrawn = await store.withdraw(causality, asked, now());
  for (const file of withdrawn) await storage.remove(folderOf(file));
  const ids = withdrawn.map(({ id }) => id);
  await store.forget(causality, ids);
  return ids.length;
}
