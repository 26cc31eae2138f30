export { AppError, type AppErrorOptions } from './base/app-error.ts';
export { newId } from './base/new-id.ts';
export { type Caller, isSystemAdmin } from './base/caller.ts';
export type { OutgoingEvent, Publisher } from './base/publisher.ts';
