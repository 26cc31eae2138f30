export {
  type ByteRange,
  type ByteSource,
  type FileStorage,
  StorageFailure,
  StorageMissing,
  TooLarge,
} from './file-storage.ts';
export { asSource } from './as-source.ts';
export { createLocalStorage } from './local-storage.ts';
