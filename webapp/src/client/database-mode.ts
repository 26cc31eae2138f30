import { create } from 'zustand';
import type { DatabaseMode } from '../../../contract/index.ts';

/** What users may do at the moment, as the server last said. Starts as normal: the server speaks up when it is not. */
export const useDatabaseMode = create<DatabaseMode>()(() => ({ mode: 'normal', reason: '', since: 0 }));

/** Takes over what the server said. */
export function keepDatabaseMode(mode: DatabaseMode): void {
  useDatabaseMode.setState(mode);
}
