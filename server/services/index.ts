export { AppError, type AppErrorOptions } from './base/app-error.ts';
export { newId } from './base/new-id.ts';
export { type Caller, isSystemAdmin } from './base/caller.ts';
export type { OutgoingEvent, Publisher } from './base/publisher.ts';
export { type BucketLimits, TokenBuckets } from './base/token-buckets.ts';
export * from './preferences/index.ts';
export * from './sessions/index.ts';
export * from './users/index.ts';
export * from './permissions/index.ts';
