import { ancillaryRequest, patchRoleRequest, roleNamesRequest } from '../../../contract/index.ts';
import { ancillaryOf, type RoleService } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

/** What roles there are, what they bring, and changing that. */
export function roleRoutes(roles: RoleService): RouteSpec[] {
  return [
    route({ method: 'get', path: '/roles', access: 'admin' }, async () => roles.all()),
    route({ method: 'post', path: '/roles/names', access: 'session', body: roleNamesRequest }, async ({ body }) =>
      roles.byNames(body),
    ),
    route({ method: 'get', path: '/roles/name/:role_name', access: 'session' }, async ({ params }) =>
      roles.byName(params.role_name),
    ),
    route({ method: 'get', path: '/roles/:role_id', access: 'session' }, async ({ params }) =>
      roles.byId(params.role_id),
    ),
    route(
      { method: 'put', path: '/roles/:role_id/patch', access: 'session', body: patchRoleRequest },
      ({ caller, params, body }) => roles.patch(caller, params.role_id, body.permissions),
    ),
    ...ancillaryRoutes(),
  ];
}

/** What the parts of the System Console need besides their own permissions. */
function ancillaryRoutes(): RouteSpec[] {
  const path = '/permissions/ancillary';
  return [
    route({ method: 'get', path, access: 'session' }, async ({ query }) =>
      ancillaryOf((query.get('subsection_permissions') ?? '').split(',')),
    ),
    route({ method: 'post', path, access: 'session', body: ancillaryRequest }, async ({ body }) => ancillaryOf(body)),
  ];
}
