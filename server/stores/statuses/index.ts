export { createStatusStore, type StatusStore, type StoredStatus } from './status-store.ts';
