export type { DiskStatus } from './disk-status.ts';
export { DiskWatcher } from './disk-watcher.ts';
