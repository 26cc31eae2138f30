import { loginRequest, revokeSessionRequest, sessionDeviceRequest } from '../../../contract/index.ts';
import { type AccountService, readCredentials, type SessionService } from '../../services/index.ts';
import { Answer, type RouteSpec, route, strangerOf } from '../http/index.ts';
import { signInCookies, signOutCookies } from './session-cookies.ts';

export interface SessionsRoutesDeps {
  readonly accounts: AccountService;
  readonly sessions: SessionService;
  /** Whether users reach the server over https: cookies then go nowhere else. */
  readonly secureCookies: () => boolean;
}

/** Mattermost's clients send the account as `login_id`, old ones as `id`, the device in either spelling. */
const loginBody = loginRequest
  .partial({ login_id: true })
  .extend({ id: loginRequest.shape.login_id.optional(), deviceId: loginRequest.shape.device_id })
  .transform(({ id, deviceId, ...rest }) => ({
    ...(id !== undefined && { login_id: id }),
    ...(deviceId !== undefined && { device_id: deviceId }),
    ...rest,
  }))
  .pipe(loginRequest);

/** Signing in and out, and the sessions of a user. */
export function createSessionsRoutes(deps: SessionsRoutesDeps): RouteSpec[] {
  return [...signInRoutes(deps), ...sessionRoutes(deps.sessions)];
}

function signInRoutes({ accounts, sessions, secureCookies }: SessionsRoutesDeps): RouteSpec[] {
  return [
    route({ method: 'post', path: '/users/login', access: 'public', body: loginBody }, async (input) => {
      const { user, session } = await accounts.login(input.body, strangerOf(input));
      // Only a page of ours sends this header: a form on another site cannot sign a browser in.
      const isBrowser = input.headers['x-requested-with'] === 'XMLHttpRequest';
      const values = { token: session.token, userId: user.id, csrf: session.csrf };
      const headers = { Token: session.token };
      return new Answer(user, {
        headers: isBrowser ? { ...headers, 'Set-Cookie': signInCookies(values, secureCookies()) } : headers,
      });
    }),
    route({ method: 'post', path: '/users/login/type', access: 'public' }, async () => ({ auth_service: '' })),
    route({ method: 'post', path: '/users/mfa', access: 'public' }, async () => ({ mfa_required: false })),
    // Always 200, with or without a session: some clients use it to ask for the server's version.
    route({ method: 'post', path: '/users/logout', access: 'public' }, async ({ headers, address }) => {
      const credentials = readCredentials(headers);
      if (credentials !== undefined) await sessions.end(credentials.token, address);
      return new Answer(undefined, { headers: { 'Set-Cookie': signOutCookies(secureCookies()) } });
    }),
  ];
}

function sessionRoutes(sessions: SessionService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/users/:user_id/sessions', access: 'session' }, ({ caller, params }) =>
      sessions.list(caller, params.user_id),
    ),
    route(
      {
        method: 'post',
        path: '/users/:user_id/sessions/revoke',
        access: 'session',
        body: revokeSessionRequest,
        audited: true,
      },
      ({ caller, params, body }) => sessions.revoke(caller, params.user_id, body.session_id),
    ),
    route(
      { method: 'post', path: '/users/:user_id/sessions/revoke/all', access: 'session', audited: true },
      ({ caller, params }) => sessions.revokeAll(caller, params.user_id),
    ),
    route({ method: 'post', path: '/users/sessions/revoke/all', access: 'admin', audited: true }, ({ caller }) =>
      sessions.revokeEverybody(caller),
    ),
    route(
      { method: 'put', path: '/users/sessions/device', access: 'session', body: sessionDeviceRequest },
      ({ caller, body }) => sessions.setDevice(caller, body.device_id),
    ),
  ];
}
