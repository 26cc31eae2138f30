import { z } from 'zod';
import {
  changePasswordRequest,
  createUserRequest,
  patchUserRequest,
  setActiveRequest,
  setRolesRequest,
  updateUserRequest,
} from '../../../contract/index.ts';
import { type AccountService, AppError, type UserService } from '../../services/index.ts';
import { flagOf, invalidBodyParam, type RouteSpec, route, strangerOf } from '../http/index.ts';

/** The rules for passwords have an error of their own, so the schema leaves them to the service. */
const signUpBody = createUserRequest.extend({ password: z.string().max(512) });

/** Making and changing accounts. */
export function createChangeUsersRoutes(accounts: AccountService, users: UserService): RouteSpec[] {
  return [
    route({ method: 'post', path: '/users', access: 'optional', body: signUpBody, status: 201 }, (input) =>
      accounts.signUp(input.caller, input.body, strangerOf(input)),
    ),
    route(
      { method: 'put', path: '/users/:user_id', access: 'session', body: updateUserRequest },
      ({ caller, params, body: { id, ...patch } }) => {
        if (id !== params.user_id) throw invalidBodyParam('id');
        return users.patch(caller, id, patch);
      },
    ),
    route(
      { method: 'put', path: '/users/:user_id/patch', access: 'session', body: patchUserRequest },
      ({ caller, params, body }) => users.patch(caller, params.user_id, body),
    ),
    route(
      {
        method: 'put',
        path: '/users/:user_id/password',
        access: 'session',
        body: changePasswordRequest,
        audited: true,
      },
      ({ caller, params, body }) =>
        accounts.changePassword(caller, params.user_id, {
          current: body.current_password,
          next: body.new_password,
        }),
    ),
    route(
      { method: 'put', path: '/users/:user_id/active', access: 'session', body: setActiveRequest, audited: true },
      ({ caller, params, body }) => users.setActive(caller, params.user_id, body.active),
    ),
    route(
      { method: 'delete', path: '/users/:user_id', access: 'session', audited: true },
      async ({ caller, params, query }) => {
        // Nothing is ever erased here; saying OK to somebody who asks for that would be a lie.
        if (flagOf(query, 'permanent')) throw new AppError('api.user.delete_user.not_enabled.app_error');
        await users.setActive(caller, params.user_id, false);
      },
    ),
    route(
      { method: 'post', path: '/users/:user_id/email/verify/member', access: 'admin', audited: true },
      ({ caller, params }) => users.verifyEmail(caller, params.user_id),
    ),
    route(
      { method: 'put', path: '/users/:user_id/roles', access: 'admin', body: setRolesRequest, audited: true },
      ({ caller, params, body }) => users.setRoles(caller, params.user_id, body.roles),
    ),
  ];
}
