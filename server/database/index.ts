export { DatabaseError, type FailureKind, type Outcome } from './errors.ts';
export type { SqlVocabulary } from './dialect/dialect.ts';
export {
  answers,
  searchParameter,
  type SearchQuestion,
  type SearchTerm,
  wordsOf,
  wordTextOf,
} from './dialect/search-words.ts';
export type { Causality, Token } from './query/causality.ts';
export type { Database, Transaction, WriteOptions } from './query/database.ts';
export type { Row, SqlValue } from './row.ts';
export { bind, statement, type BoundStatement, type Statement, type StatementText } from './query/statement.ts';
export {
  type DatabaseSettings,
  field,
  formatPath,
  isSecretSqlSetting,
  type ParsedDatabaseSettings,
  parseSqlSettings,
  sqlSettings,
  withMaster,
} from './settings/index.ts';
export {
  type DataSource,
  describeDataSource,
  formatHost,
  type LocatedSource,
  MASK,
  splitDataSources,
} from './data-source/index.ts';
export type { Clock } from './clock.ts';
export { type DatabaseLayer, type DatabaseLayerDeps, openDatabase } from './database-layer.ts';
export type { MasterSession } from './master-session.ts';
export type { LayerEvent } from './events.ts';
export type { DatabaseControl } from './lifecycle/control.ts';
export type { MarkStore, MasterMark } from './lifecycle/failover/epoch.ts';
export { markFile } from './lifecycle/failover/mark-file.ts';
export type { MasterChange } from './lifecycle/live.ts';
export type { Mode } from './lifecycle/mode.ts';
export type { RecyclePlan } from './lifecycle/plan.ts';
export type { RecycleOptions, RecycleResult, StepUpdate } from './lifecycle/recycle.ts';
export type { RotationChange, RotationResult } from './lifecycle/rotation.ts';
export { recycleSteps } from './lifecycle/recycle.ts';
export type { LayerStatus } from './lifecycle/status.ts';
export {
  type FollowUp,
  settleSwitchover,
  type SwitchoverNote,
  type SwitchoverNotes,
  type SwitchoverPlan,
  type SwitchoverRequest,
  type SwitchoverResult,
  type SwitchoverUpdate,
  switchoverSteps,
} from './lifecycle/switchover/index.ts';
export type { SchemaCheck, SourceReport } from './lifecycle/verify.ts';
export { type CausalityRegistry, parseToken } from './query/token.ts';
