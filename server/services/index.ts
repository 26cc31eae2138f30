export { AppError, type AppErrorOptions } from './base/app-error.ts';
export { newId } from './base/new-id.ts';
export { type Caller, isSystemAdmin } from './base/caller.ts';
export type { OutgoingEvent, Publisher } from './base/publisher.ts';
export type { ActiveSession, SessionAuthenticator } from './sessions/active-session.ts';
export { type Credentials, csrfCookie, readCredentials, sessionCookie, userCookie } from './sessions/credentials.ts';
export * from './permissions/index.ts';
