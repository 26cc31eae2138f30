import type { CreateUserRequest, Preference, Status, User, UserSearchRequest } from '../../../contract/index.ts';
import type { Http } from './http.ts';

/** Accounts, sign-in, people, statuses and preferences. */
export function createUsersClient(http: Http) {
  return {
    me: () => http<User>({ path: '/users/me', timeout: 8_000 }),
    create: (body: CreateUserRequest) => http<User>({ method: 'POST', path: '/users', body }),
    login: (body: { login_id: string; password: string }) => http<User>({ method: 'POST', path: '/users/login', body }),
    logout: () => http<unknown>({ method: 'POST', path: '/users/logout' }),
    byIds: (ids: readonly string[]) => http<User[]>({ method: 'POST', path: '/users/ids', body: ids }),
    byName: (name: string) => http<User>({ path: `/users/username/${encodeURIComponent(name)}` }),
    search: (body: UserSearchRequest) => http<User[]>({ method: 'POST', path: '/users/search', body }),
    inTeam: (teamId: string, page = 0) =>
      http<User[]>({ path: '/users', query: { in_team: teamId, page, per_page: 200 } }),
    inChannel: (channelId: string, page = 0) =>
      http<User[]>({ path: '/users', query: { in_channel: channelId, page, per_page: 200 } }),
    statuses: (ids: readonly string[]) => http<Status[]>({ method: 'POST', path: '/users/status/ids', body: ids }),
    preferences: () => http<Preference[]>({ path: '/users/me/preferences' }),
    savePreferences: (body: readonly Preference[]) =>
      http<unknown>({ method: 'PUT', path: '/users/me/preferences', body }),
  };
}
