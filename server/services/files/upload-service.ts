import { buffer } from 'node:stream/consumers';
import type { CreateUploadRequest, FileInfo, UploadSession } from '../../../contract/index.ts';
import type { FileStore, StoredUpload, UploadSessionStore } from '../../stores/files/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import { fileKey, uploadKey } from './file-keys.ts';
import { orRefuse } from './file-rules.ts';
import { cleanName, extensionOf, HEAD_BYTES } from './file-types.ts';
import { presentFile } from './present-file.ts';
import type { ReceiveFiles } from './receive-files.ts';
import { type ByteSource, type FileStorage, TooLarge } from './storage/index.ts';

export interface UploadServiceDeps {
  readonly uploads: UploadSessionStore;
  readonly files: FileStore;
  readonly storage: FileStorage;
  readonly receiving: ReceiveFiles;
}

/**
 * Files that come in pieces. How far one has come is what the storage holds of it: nothing is written to the database on
 * the way, and a server that was killed in the midst of a piece goes on from the last byte that it had kept.
 */
export class UploadService {
  readonly #deps: UploadServiceDeps;
  /** One request at a time sends the bytes of an upload. */
  readonly #underWay = new Set<string>();

  constructor(deps: UploadServiceDeps) {
    this.#deps = deps;
  }

  async create(caller: Caller, request: CreateUploadRequest): Promise<UploadSession> {
    const { uploads, receiving } = this.#deps;
    await receiving.check(caller, request.channel_id);
    receiving.checkSize(request.file_size);
    const filename = cleanName(request.filename);
    const file = await receiving.announce(caller, filename);
    const upload: StoredUpload = {
      id: newId(),
      fileId: file.id,
      // The same as the file's: it is part of the key.
      createAt: file.createAt,
      userId: caller.userId,
      channelId: request.channel_id,
      filename,
      fileSize: request.file_size,
    };
    await uploads.add(caller.causality, upload);
    return present(upload, 0);
  }

  async get(caller: Caller, id: string): Promise<UploadSession> {
    const upload = await this.#own(caller, id);
    const { files, storage } = this.#deps;
    if ((await files.byId(caller.causality, upload.fileId)) !== undefined) return present(upload, upload.fileSize);
    const [pieces, whole] = await Promise.all([
      orRefuse(storage.size(uploadKey(id)), 0),
      orRefuse(storage.size(this.#keyOf(upload)), 0),
    ]);
    return present(upload, whole ?? pieces ?? 0);
  }

  /**
   * Takes the next bytes. Returns the file when it is complete, undefined before; a complete one that is asked for again is
   * given again.
   */
  async receive(caller: Caller, id: string, source: ByteSource): Promise<FileInfo | undefined> {
    const upload = await this.#own(caller, id);
    await this.#deps.receiving.check(caller, upload.channelId);
    if (this.#underWay.has(id)) throw new AppError('api.upload.upload_data.concurrent.app_error');
    this.#underWay.add(id);
    try {
      const done = await this.#deps.files.byId(caller.causality, upload.fileId);
      if (done !== undefined) return presentFile(done);
      return (await this.#isWhole(upload, source)) ? await this.#finish(caller, upload) : undefined;
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #isWhole(upload: StoredUpload, source: ByteSource): Promise<boolean> {
    const { storage } = this.#deps;
    const key = this.#keyOf(upload);
    // A server was killed between the last byte and the answer.
    if ((await orRefuse(storage.size(key), 0)) !== undefined) return true;
    const size = await orRefuse(this.#append(upload, source), 0);
    if (size < upload.fileSize) return false;
    await orRefuse(storage.move(uploadKey(upload.id), key), 0);
    return true;
  }

  async #append(upload: StoredUpload, source: ByteSource): Promise<number> {
    try {
      return await this.#deps.storage.append(uploadKey(upload.id), source, upload.fileSize);
    } catch (error) {
      if (error instanceof TooLarge) throw new AppError('api.upload.upload_data.too_much.app_error');
      throw error;
    }
  }

  async #finish(caller: Caller, upload: StoredUpload): Promise<FileInfo | undefined> {
    const { storage, receiving } = this.#deps;
    const beginning = await orRefuse(storage.open(this.#keyOf(upload), { first: 0, last: HEAD_BYTES - 1 }), 0);
    const file = { id: upload.fileId, createAt: upload.createAt, extension: extensionOf(upload.filename) };
    const received = await receiving.describe(file, upload.fileSize, await buffer(beginning));
    return (await receiving.finish(caller, [received], upload.channelId))[0];
  }

  #keyOf({ fileId, createAt }: StoredUpload): string {
    return fileKey({ id: fileId, createAt }, 'original');
  }

  /** To everybody but its owner an upload does not exist. */
  async #own(caller: Caller, id: string): Promise<StoredUpload> {
    const upload = await this.#deps.uploads.byId(caller.causality, id);
    if (upload === undefined || upload.userId !== caller.userId) throw new AppError('app.upload.get.app_error');
    return upload;
  }
}

function present(upload: StoredUpload, offset: number): UploadSession {
  return {
    id: upload.id,
    type: 'attachment',
    create_at: upload.createAt,
    user_id: upload.userId,
    channel_id: upload.channelId,
    filename: upload.filename,
    file_size: upload.fileSize,
    file_offset: offset,
  };
}
