import type { AnyRouter } from '@tanstack/react-router';
import { live, useSession } from '../../client/index.ts';

/** Pages that need nobody to be signed in. */
export const guestPages = ['/login', '/signup', '/setup'];

/** Connects the socket while somebody is signed in, and leads to the sign-in page when the session has ended. */
export function followSession(router: AnyRouter): void {
  useSession.subscribe((session, before) => {
    if (session.state === 'signed-in' && before.state !== 'signed-in') live.start();
    if (before.state !== 'signed-in' || session.state !== 'anonymous') return;
    live.stop();
    const { href, pathname } = router.state.location;
    if (guestPages.includes(pathname)) return;
    void router.navigate({ to: '/login', search: session.expired ? { redirect: href, expired: true } : {} });
  });
}
