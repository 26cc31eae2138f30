import type { IncomingHttpHeaders } from 'node:http';
import { AppError, type Caller, newId, readCredentials, type SessionAuthenticator } from '../services/index.ts';
import type { SocketIdentity } from './connection.ts';

export interface SocketIdentityDeps {
  readonly sessions: SessionAuthenticator;
  /** What the sessions of one user have seen together. */
  readonly causality: { of(userId: string): Caller['causality'] };
}

/**
 * Who opens a socket, by the cookie or the `Authorization` header of its handshake.
 *
 * @throws AppError 401 without a good session. @throws DatabaseError when it cannot be known.
 */
export async function identify(
  headers: IncomingHttpHeaders,
  address: string,
  deps: SocketIdentityDeps,
): Promise<SocketIdentity> {
  const credentials = readCredentials(headers);
  const identity = credentials && (await identifyToken(credentials.token, address, deps));
  if (!identity) throw new AppError('api.context.session_expired.app_error');
  return identity;
}

/** Whose session token this is; undefined when nobody's. @throws DatabaseError when it cannot be known. */
export async function identifyToken(
  token: string,
  address: string,
  deps: SocketIdentityDeps,
): Promise<SocketIdentity | undefined> {
  const session = await deps.sessions.authenticate(token);
  if (!session) return undefined;
  return {
    caller: {
      userId: session.userId,
      sessionId: session.id,
      roles: session.roles,
      grants: deps.sessions.grants(),
      causality: deps.causality.of(session.userId),
      requestId: newId(),
      address,
      connectionId: '',
    },
    expiresAt: session.expiresAt,
    grants: () => deps.sessions.grants(),
  };
}
