import { accessTokenIdRequest, accessTokenSearchRequest, createAccessTokenRequest } from '../../../contract/index.ts';
import type { Extensions } from '../../services/index.ts';
import { limitsOf, type RouteSpec, route } from '../http/index.ts';

/** Personal access tokens. */
export function createAccessTokensRoutes({ accessTokens }: Pick<Extensions, 'accessTokens'>): RouteSpec[] {
  const change = (verb: 'enable' | 'disable' | 'revoke') =>
    route(
      { method: 'post', path: `/users/tokens/${verb}` as const, access: 'session', body: accessTokenIdRequest },
      ({ caller, body }) => accessTokens[verb](caller, body.token_id),
    );
  return [
    route(
      { method: 'post', path: '/users/:user_id/tokens', access: 'session', body: createAccessTokenRequest },
      ({ caller, params, body }) => accessTokens.create(caller, params.user_id, body),
    ),
    route({ method: 'get', path: '/users/:user_id/tokens', access: 'session' }, ({ caller, params, query }) =>
      accessTokens.ofUser(caller, params.user_id, limitsOf(query)),
    ),
    route({ method: 'get', path: '/users/tokens', access: 'session' }, ({ caller, query }) =>
      accessTokens.list(caller, limitsOf(query)),
    ),
    route(
      { method: 'post', path: '/users/tokens/search', access: 'session', body: accessTokenSearchRequest },
      ({ caller, body }) => accessTokens.search(caller, body.term),
    ),
    route({ method: 'get', path: '/users/tokens/:token_id', access: 'session' }, ({ caller, params }) =>
      accessTokens.get(caller, params.token_id),
    ),
    change('enable'),
    change('disable'),
    change('revoke'),
  ];
}
