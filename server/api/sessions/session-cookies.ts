import { stringifySetCookie } from 'cookie';
import { csrfCookie, sessionCookie, userCookie } from '../../services/index.ts';

/**
 * The cookies of a browser's session. The token is out of reach of scripts; the other two are for the webapp. They
 * outlive the session: it is extended while it is used, which the browser does not hear of, and the server alone
 * decides when it ends. 400 days is the longest that browsers keep a cookie.
 */
const KEPT_SECONDS = 400 * 86_400;

export interface SignedInCookies {
  readonly token: string;
  readonly userId: string;
  readonly csrf: string;
}

/** `Set-Cookie` headers that sign in; `secure` when users reach the server over https. */
export function signInCookies(values: SignedInCookies, secure: boolean): string[] {
  return cookies([values.token, values.userId, values.csrf], secure, KEPT_SECONDS);
}

/** `Set-Cookie` headers that sign out. */
export function signOutCookies(secure: boolean): string[] {
  return cookies(['', '', ''], secure, 0);
}

function cookies(values: readonly [string, string, string], secure: boolean, maxAge: number): string[] {
  const attributes = { path: '/', sameSite: 'lax', secure, maxAge } as const;
  return [
    stringifySetCookie(sessionCookie, values[0], { ...attributes, httpOnly: true }),
    stringifySetCookie(userCookie, values[1], attributes),
    stringifySetCookie(csrfCookie, values[2], attributes),
  ];
}
