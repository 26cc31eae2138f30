import type { Readable } from 'node:stream';

/** Bytes as they come in. Whoever reads them stops when it likes; the giver cleans up. */
export type ByteSource = AsyncIterable<Uint8Array>;

/** Both ends are included; counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Where the bytes of files lie: a folder, or an object storage. It knows keys and bytes, neither users nor names.
 *
 * A key is made by the server out of ids and dates: segments of `a-z 0-9 . _ -`, none of which begins with a dot, joined by
 * `/`. Any other key is refused with an Error: nothing that a user wrote ever becomes a path.
 */
export interface FileStorage {
  /**
   * Keeps a whole object, under its key only when all of it is there to stay; what was under the key before is replaced. When
   * the source fails, or is longer than `maxBytes`, nothing is left.
   *
   * @returns the number of bytes.
   * @throws TooLarge, StorageFailure, or what the source has thrown.
   */
  write(key: string, source: ByteSource, maxBytes: number): Promise<number>;
  /** Bytes of an object as a stream. @throws StorageMissing, StorageFailure. */
  open(key: string, range?: ByteRange): Promise<Readable>;
  /** In bytes; undefined when there is no such object. */
  size(key: string): Promise<number | undefined>;
  /** Gives an object to somebody who needs it as a file of this machine; only for as long as `work` runs. @throws StorageMissing. */
  asLocalFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>;
  /** Removes an object, or all objects whose keys go on after it and `/`. What is not there is no error. */
  remove(key: string): Promise<void>;
  /**
   * Adds bytes to an object that is made in pieces. What has come before the source fails or ends is kept.
   *
   * @returns how many bytes are there now.
   * @throws TooLarge when more than `maxBytes` would be there then; those are kept that fit.
   */
  append(key: string, source: ByteSource, maxBytes: number): Promise<number>;
  /** Makes an object of pieces, complete now, one under another key. Doing it again is no error. @throws StorageFailure. */
  move(from: string, to: string): Promise<void>;
  /** Removes what interrupted writes have left before `before` (ms). @returns how many. */
  sweep(before: number): Promise<number>;
}

/** More bytes than are allowed. */
export class TooLarge extends Error {
  constructor() {
    super('More bytes came than are allowed.');
    this.name = 'TooLarge';
  }
}

/** There is no object under this key. */
export class StorageMissing extends Error {
  constructor(key: string) {
    super(`There is no object ${key}.`);
    this.name = 'StorageMissing';
  }
}

/** The storage could not do it: no right, no room, a broken disk. */
export class StorageFailure extends Error {
  constructor(cause: unknown) {
    super(`The file storage failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StorageFailure';
  }
}

const KEY = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*)*$/;

/** @throws Error for what is no key. */
export function checkKey(key: string): string {
  if (!KEY.test(key) || key.length > 200) throw new Error(`Not a key of the file storage: ${JSON.stringify(key)}`);
  return key;
}
