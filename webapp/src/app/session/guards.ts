import { redirect } from '@tanstack/react-router';
import { api, loadSession, type Session, useSession } from '../../client/index.ts';

let loading: Promise<Session> | undefined;

/** The session, asked for once per page load and again after the server could not be reached. */
export async function sessionReady(): Promise<Session> {
  const session = useSession.getState();
  if (session.state !== 'loading' && session.state !== 'unreachable') return session;
  loading ??= loadSession({ me: api.users.me, clientConfig: api.system.clientConfig }).finally(() => {
    loading = undefined;
  });
  return loading;
}

/** Where a guard lets nobody in whose session the server cannot confirm; the page shows it and tries again. */
export class Unreachable extends Error {}

/** For pages of signed-in users. */
export async function requireUser({ location }: { location: { href: string } }): Promise<void> {
  const session = await sessionReady();
  if (session.state === 'unreachable') throw new Unreachable();
  if (session.state === 'no-accounts') throw redirect({ to: '/setup' });
  if (session.state !== 'signed-in') throw redirect({ to: '/login', search: { redirect: location.href } });
}

/** For sign-in and sign-up: nobody who is signed in, and not before the first account. */
export async function requireGuest(): Promise<void> {
  const session = await sessionReady();
  if (session.state === 'unreachable') throw new Unreachable();
  if (session.state === 'no-accounts') throw redirect({ to: '/setup' });
  if (session.state === 'signed-in') throw redirect({ to: '/' });
}
