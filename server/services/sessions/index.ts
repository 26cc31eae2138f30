export type { ActiveSession, SessionAuthenticator } from './active-session.ts';
export { bringsAdmin } from './brings-admin.ts';
export { type Credentials, csrfCookie, readCredentials, sessionCookie, userCookie } from './credentials.ts';
export {
  type IssuedSession,
  SessionService,
  type SessionServiceDeps,
  type SessionSettings,
  type SessionSockets,
} from './session-service.ts';
export { hashOf } from './token-hash.ts';
