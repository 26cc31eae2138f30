import type { IncomingMessage } from 'node:http';
import { tokenHeader } from '../../../contract/index.ts';
import { type Causality, parseToken } from '../../database/index.ts';
import {
  type ActiveSession,
  type Caller,
  type Credentials,
  readCredentials,
  type SessionAuthenticator,
} from '../../services/index.ts';
import type { ApiRequest } from './born-server.ts';

/** Gives the causality of a user: what the sessions of one user have seen together. */
export interface CausalitySource {
  of(userId: string): Causality;
}

export interface AuthenticationDeps {
  readonly sessions: SessionAuthenticator;
  readonly causality: CausalitySource;
}

const TOKEN_HEADER = tokenHeader.toLowerCase();

/**
 * Who makes this request, or `undefined` without a good session and for a request that another site may have forged.
 * Without a promise when memory knows.
 *
 * @throws DatabaseError when it cannot be known.
 */
export function callerOf(
  request: ApiRequest,
  deps: AuthenticationDeps,
): Caller | undefined | Promise<Caller | undefined> {
  const credentials = readCredentials(request.headers);
  if (credentials === undefined) return undefined;
  const found = deps.sessions.authenticate(credentials.token);
  if (found instanceof Promise)
    return found.then((session) => session && toCaller(request, deps, session, credentials));
  return found && toCaller(request, deps, found, credentials);
}

function toCaller(
  request: ApiRequest,
  deps: AuthenticationDeps,
  session: ActiveSession,
  credentials: Credentials,
): Caller | undefined {
  if (credentials.source === 'cookie' && isForgeable(request, session)) return undefined;
  const causality = deps.causality.of(session.userId);
  const seen = request.headers[TOKEN_HEADER];
  if (typeof seen === 'string') causality.raise(parseToken(seen));
  return {
    userId: session.userId,
    sessionId: session.id,
    roles: session.roles,
    grants: deps.sessions.grants(),
    causality,
    requestId: request.requestId,
    address: request.clientAddress,
    connectionId: headerOf(request, 'connection-id'),
  };
}

/**
 * A browser sends the cookie with requests that another site makes. Such a site can neither read the session's token
 * for `X-CSRF-Token` nor set `X-Requested-With` without asking first.
 */
function isForgeable(request: IncomingMessage, session: ActiveSession): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  if (request.headers['x-requested-with'] === 'XMLHttpRequest') return false;
  return session.csrf === '' || headerOf(request, 'x-csrf-token') !== session.csrf;
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
