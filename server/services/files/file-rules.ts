import { AppError } from '../base/app-error.ts';
import { StorageFailure, StorageMissing, TooLarge } from './storage/index.ts';

/** What the running configuration says of files. */
export interface FileRules {
  /** Whether files may be uploaded and downloaded. */
  readonly enabled: boolean;
  /** Of one file. */
  readonly maxBytes: number;
  /** Of a picture that is drawn small. */
  readonly maxPixels: number;
  /** The secret of public links; empty = there are none. */
  readonly linkSecret: string;
  /** Empty = links are relative. */
  readonly siteUrl: string;
}

export const fileMissing = () => new AppError('app.file_info.get.app_error');

function tooLarge(limit: number): AppError {
  return new AppError('api.file.upload_file.too_large_detailed.app_error', { params: { limit } });
}

/** Refuses what says at once that it is too large. */
export function requireSize({ maxBytes }: FileRules, bytes: number): void {
  if (bytes > maxBytes) throw tooLarge(maxBytes);
}

export function requireEnabled(rules: FileRules): void {
  if (!rules.enabled) throw new AppError('api.file.attachments.disabled.app_error');
}

/** Runs a step of the storage; its failures become refusals that say no more than a user may know. */
export async function orRefuse<T>(step: Promise<T>, limit: number): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge(limit);
    if (error instanceof StorageMissing) throw fileMissing();
    if (error instanceof StorageFailure) {
      throw new AppError('api.file.storage.app_error', { cause: error, detail: error.message });
    }
    throw error;
  }
}
