export { createFileSearch, type FileSearch, type FileSearchScope } from './search-files.ts';
export type { StoredFile } from './file-row.ts';
export { type AbandonedFile, createFileStore, type FileStore, type FinishedFile, type NewFile } from './file-store.ts';
export { createUploadSessionStore, type StoredUpload, type UploadSessionStore } from './upload-session-store.ts';
