import type { IncomingHttpHeaders } from 'node:http';
import type { SessionAuthenticator } from './active-session.ts';
import { readCredentials } from './credentials.ts';

/** Whether a request comes with the session of a system admin: for what is answered outside of the API. */
export async function bringsAdmin(headers: IncomingHttpHeaders, sessions: SessionAuthenticator): Promise<boolean> {
  const credentials = readCredentials(headers);
  const session = credentials && (await sessions.authenticate(credentials.token));
  return session?.roles.includes('system_admin') ?? false;
}
