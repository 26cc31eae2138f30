import type { ErrorId } from '../../../contract/index.ts';
import { AppError } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

/** Permission schemes are a paid feature of Mattermost: there are none, and none can be made. */
export function schemeRoutes(): RouteSpec[] {
  const path = '/schemes/:scheme_id';
  const refuse = (id: ErrorId) => async () => {
    throw new AppError(id);
  };
  const unknown = refuse('app.scheme.get.app_error');
  return [
    route({ method: 'get', path: '/schemes', access: 'admin' }, async () => []),
    route({ method: 'post', path: '/schemes', access: 'admin' }, refuse('api.scheme.create_scheme.license.error')),
    route({ method: 'get', path, access: 'admin' }, unknown),
    route({ method: 'get', path: `${path}/teams`, access: 'admin' }, unknown),
    route({ method: 'get', path: `${path}/channels`, access: 'admin' }, unknown),
    route({ method: 'put', path: `${path}/patch`, access: 'admin' }, refuse('api.scheme.patch_scheme.license.error')),
    route({ method: 'delete', path, access: 'admin' }, refuse('api.scheme.delete_scheme.license.error')),
    ...placeRoutes(refuse('api.scheme.patch_scheme.license.error')),
  ];
}

/** Giving a scheme to a team or a channel. */
function placeRoutes(refusal: () => Promise<never>): RouteSpec[] {
  return [
    route({ method: 'put', path: '/teams/:team_id/scheme', access: 'admin' }, refusal),
    route({ method: 'put', path: '/channels/:channel_id/scheme', access: 'admin' }, refusal),
  ];
}
