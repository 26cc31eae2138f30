import { deletePreferencesRequest, savePreferencesRequest } from '../../../contract/index.ts';
import type { PreferenceService } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/preferences';

/** The small settings that clients keep per user. */
export function createPreferencesRoutes(preferences: PreferenceService): RouteSpec[] {
  return [
    route({ method: 'get', path: PATH, access: 'session' }, ({ caller, params }) =>
      preferences.all(caller, params.user_id),
    ),
    route({ method: 'get', path: `${PATH}/:category`, access: 'session' }, ({ caller, params }) =>
      preferences.ofCategory(caller, params.user_id, params.category),
    ),
    route({ method: 'get', path: `${PATH}/:category/name/:name`, access: 'session' }, ({ caller, params }) =>
      preferences.one(caller, params.user_id, {
        category: params.category,
        name: params.name,
      }),
    ),
    route({ method: 'put', path: PATH, access: 'session', body: savePreferencesRequest }, ({ caller, params, body }) =>
      preferences.save(caller, params.user_id, body),
    ),
    route(
      { method: 'post', path: `${PATH}/delete`, access: 'session', body: deletePreferencesRequest },
      ({ caller, params, body }) => preferences.remove(caller, params.user_id, body),
    ),
  ];
}
