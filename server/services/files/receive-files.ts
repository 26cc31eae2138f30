import type { FileInfo } from '../../../contract/index.ts';
import type { FileStore, FinishedFile } from '../../stores/files/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { mayUpload } from '../permissions/index.ts';
import { fileKey } from './file-keys.ts';
import { type FileRules, orRefuse, requireEnabled, requireSize } from './file-rules.ts';
import { cleanName, extensionOf, pictureType, typeOf, withHead } from './file-types.ts';
import type { PictureTool } from './images/picture-tool.ts';
import { presentFile } from './present-file.ts';
import type { ByteSource, FileStorage } from './storage/index.ts';
import { withdrawFiles } from './withdraw-files.ts';

export interface ReceiveFilesDeps {
  readonly files: FileStore;
  readonly storage: FileStorage;
  readonly pictures: PictureTool;
  readonly access: ChannelAccesses;
  readonly rules: () => FileRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A file whose bytes are all there, and that is not part of a channel yet. */
export type ReceivedFile = Omit<FinishedFile, 'channelId'> & { readonly createAt: number };

/** Takes files in whole: `receive` each, then `finish` or `discard` all of a request. */
export class ReceiveFiles {
  readonly #deps: ReceiveFilesDeps;

  constructor(deps: ReceiveFilesDeps) {
    this.#deps = deps;
  }

  /** @throws AppError 501, 403 or 404 when the caller may not upload into the channel. */
  async check(caller: Caller, channelId: string): Promise<void> {
    requireEnabled(this.#deps.rules());
    await this.#deps.access.require(caller, channelId, mayUpload);
  }

  /** Refuses what says at once that it is too large. */
  checkSize(bytes: number): void {
    requireSize(this.#deps.rules(), bytes);
  }

  /** Keeps the bytes. When it throws, nothing is left. */
  async receive(caller: Caller, givenName: string, source: ByteSource): Promise<ReceivedFile> {
    const { storage, rules } = this.#deps;
    requireEnabled(rules());
    const { maxBytes } = rules();
    const file = await this.announce(caller, givenName);
    try {
      const through = withHead(source);
      const size = await orRefuse(storage.write(fileKey(file, 'original'), through.source, maxBytes), maxBytes);
      return await this.describe(file, size, through.head());
    } catch (error) {
      await this.discard(caller, [file]);
      throw error;
    }
  }

  /** Gives a file its row before its first byte. */
  async announce(caller: Caller, givenName: string): Promise<{ id: string; createAt: number; extension: string }> {
    const name = cleanName(givenName);
    const file = { id: newId(), creatorId: caller.userId, createAt: this.#deps.now(), extension: extensionOf(name) };
    await this.#deps.files.begin(caller.causality, { ...file, name });
    return file;
  }

  /** What its bytes say of a file. */
  async describe(
    file: { readonly id: string; readonly createAt: number; readonly extension: string },
    size: number,
    head: Uint8Array,
  ): Promise<ReceivedFile> {
    const { storage, pictures } = this.#deps;
    const { id, createAt } = file;
    const measure = () => storage.asLocalFile(fileKey(file, 'original'), (path) => pictures.measure(path));
    const shown = pictureType(head) === undefined ? undefined : await orRefuse(measure(), 0);
    const { width, height } = shown ?? { width: 0, height: 0 };
    return { id, createAt, size, mimeType: typeOf(file.extension, head), width, height };
  }

  /** Makes received files part of a channel; the caller's rights have been checked. */
  async finish(caller: Caller, received: readonly ReceivedFile[], channelId: string): Promise<FileInfo[]> {
    const finished = await this.#deps.files.finish(
      caller.causality,
      received.map((file) => ({ ...file, channelId })),
    );
    // Withdrawn by the clean-up meanwhile: the request took longer than a file may wait for its post.
    if (finished.length < received.length) throw new AppError('app.file_info.get.app_error');
    return finished.map((file) => presentFile(file));
  }

  /** Removes files that hang on no post. What cannot be removed now, the clean-up removes. */
  async discard(caller: Caller, files: readonly { readonly id: string }[]): Promise<void> {
    try {
      await withdrawFiles(this.#deps, caller.causality, files);
    } catch {
      // The refusal that led here is what the client is told.
    }
  }
}
