export { countedDatabase, type DatabaseCall } from './counted-database.ts';
export { describeEngines, hasEngine } from './engines.ts';
export { compareLedger, createLedger, LedgerLoad, type LedgerReport } from './ledger.ts';
export { MemoryNotes } from './memory-notes.ts';
export { type OpenTestDatabase, openTestDatabase } from './open-test-database.ts';
export { drillReplica, type ReplicaFault } from './replica-drill.ts';
export {
  type FaultyCluster,
  type FaultyNode,
  type Replicated,
  startNodes,
  startReplicated,
  startReplicatedOn,
  until,
} from './replicated.ts';
export { synchronise } from './synchronise.ts';
export { testSettings } from './test-settings.ts';
export { isFenced, setFence, withConnection } from './with-connection.ts';
