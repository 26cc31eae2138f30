import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie } from 'cookie';

/** Cookies of Mattermost's names, so that its clients and bots find them. */
export const sessionCookie = 'MMAUTHTOKEN';
export const userCookie = 'MMUSERID';
export const csrfCookie = 'MMCSRF';

/** A session token as a request carries it. Only a token from a cookie needs the proof against forged requests. */
export interface Credentials {
  readonly token: string;
  readonly source: 'cookie' | 'header';
}

/** Tokens are 26 characters; whatever is far longer is not one, and hashing it would be the sender's choice of work. */
const TOKEN_MAX = 128;

/** The token of a request or a socket's handshake: the cookie wins over `Authorization: Bearer x` and `token x`. */
export function readCredentials(headers: IncomingHttpHeaders): Credentials | undefined {
  const fromCookie = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[sessionCookie];
  if (fromCookie) return fromCookie.length > TOKEN_MAX ? undefined : { token: fromCookie, source: 'cookie' };
  const fromHeader = /^(?:bearer|token) +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (fromHeader === undefined || fromHeader.length > TOKEN_MAX) return undefined;
  return { token: fromHeader, source: 'header' };
}
