export {
  createSessionStore,
  removeSessionsOfUser,
  type SessionStore,
  type SessionWithUser,
  type StoredSession,
} from './session-store.ts';
