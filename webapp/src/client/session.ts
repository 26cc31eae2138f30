import { create } from 'zustand';
import type { User } from '../../../contract/index.ts';
import { AppError, isTransient } from './app-error.ts';
import type { ClientConfig } from './system.ts';

/**
 * Who sits at this page. `unreachable`: the server gave no usable answer and nobody is remembered.
 * `signed-in` may rest on what this browser remembers while the server cannot say.
 */
export type Session =
  | { readonly state: 'loading' | 'no-accounts' | 'unreachable'; readonly user: undefined }
  | { readonly state: 'anonymous'; readonly user: undefined; readonly expired: boolean }
  | { readonly state: 'signed-in'; readonly user: User };

export const useSession = create<Session>()(() => ({ state: 'loading', user: undefined }));

const rememberedKey = 'holdfast-last-user';

/** The last user of this browser: lets the page open while no database answers. Names and roles only. */
function remember(user: User | undefined): void {
  if (user) localStorage.setItem(rememberedKey, JSON.stringify(user));
  else localStorage.removeItem(rememberedKey);
}

function remembered(): User | undefined {
  const text = localStorage.getItem(rememberedKey);
  return text === null ? undefined : (JSON.parse(text) as User);
}

export function signIn(user: User): void {
  remember(user);
  useSession.setState({ state: 'signed-in', user }, true);
}

/** The session has ended: by the user's own wish, or because the server no longer knows it. */
export function signedOut(how: 'signed-out' | 'expired'): void {
  remember(undefined);
  useSession.setState({ state: 'anonymous', user: undefined, expired: how === 'expired' }, true);
}

/** The signed-in user. Throws outside of the signed-in pages. */
export function currentUser(): User {
  const { user } = useSession.getState();
  if (!user) throw new Error('There is no signed-in user here.');
  return user;
}

/** The signed-in user, in components below the signed-in pages. */
export function useCurrentUser(): User {
  const user = useSession((session) => session.user);
  if (!user) throw new Error('There is no signed-in user here.');
  return user;
}

/** Whether the user may open the System Console. */
export function isSystemAdmin(user: Pick<User, 'roles'>): boolean {
  return user.roles.split(' ').includes('system_admin');
}

interface SessionSource {
  me(): Promise<User>;
  clientConfig(): Promise<ClientConfig>;
}

async function anonymousOrFirst(source: SessionSource): Promise<Session> {
  try {
    const { NoAccounts } = await source.clientConfig();
    if (NoAccounts === 'true') return { state: 'no-accounts', user: undefined };
  } catch {
    // Then the sign-in page will say what is wrong.
  }
  return { state: 'anonymous', user: undefined, expired: false };
}

/** Finds out who sits here. Resolves to the state that it leaves in `useSession`. */
export async function loadSession(source: SessionSource): Promise<Session> {
  try {
    signIn(await source.me());
  } catch (error) {
    const last = remembered();
    if (isTransient(error) && last) useSession.setState({ state: 'signed-in', user: last }, true);
    else if (error instanceof AppError && error.status === 401) {
      remember(undefined);
      useSession.setState(await anonymousOrFirst(source), true);
    } else useSession.setState({ state: 'unreachable', user: undefined }, true);
  }
  return useSession.getState();
}
