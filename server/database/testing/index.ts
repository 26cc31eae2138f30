export { compareLedger, createLedger, LedgerLoad, type LedgerReport } from './ledger.ts';
export { MemoryNotes } from './memory-notes.ts';
export { type OpenTestDatabase, openTestDatabase } from './open-test-database.ts';
export { type Replicated, startReplicated, until } from './replicated.ts';
export { testSettings } from './test-settings.ts';
