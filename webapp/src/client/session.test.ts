import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { User } from '../../../contract/index.ts';
import { AppError } from './app-error.ts';
import { isSystemAdmin, loadSession, signIn, useSession } from './session.ts';

const ann = { id: 'a', username: 'ann', roles: 'system_user' } as User;
const fails = (status: number) => () => Promise.reject(new AppError({ id: 'x', status, message: 'No.' }));
const config = (NoAccounts: string) => async () => ({ NoAccounts });

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  useSession.setState({ state: 'loading', user: undefined }, true);
});

describe('loadSession', () => {
  it('knows who is signed in', async () => {
    await loadSession({ me: async () => ann, clientConfig: config('false') });
    expect(useSession.getState()).toEqual({ state: 'signed-in', user: ann });
  });

  it('tells a stranger from the first visitor of a new server', async () => {
    await loadSession({ me: fails(401), clientConfig: config('false') });
    expect(useSession.getState().state).toBe('anonymous');
    await loadSession({ me: fails(401), clientConfig: config('true') });
    expect(useSession.getState().state).toBe('no-accounts');
  });

  it.each([0, 503])('goes on with the remembered user while the server answers %i', async (status) => {
    signIn(ann);
    await loadSession({ me: fails(status), clientConfig: fails(status) });
    expect(useSession.getState()).toEqual({ state: 'signed-in', user: ann });
  });

  it('does not go on with a user whose session has ended, nor without one', async () => {
    signIn(ann);
    await loadSession({ me: fails(401), clientConfig: config('false') });
    expect(useSession.getState().state).toBe('anonymous');
    await loadSession({ me: fails(503), clientConfig: fails(503) });
    expect(useSession.getState().state).toBe('unreachable');
  });
});

describe('isSystemAdmin', () => {
  it('looks for the whole role', () => {
    expect(isSystemAdmin({ roles: 'system_user system_admin' })).toBe(true);
    expect(isSystemAdmin({ roles: 'system_administrator' })).toBe(false);
  });
});
