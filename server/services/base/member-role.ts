import type { MemberSchemeRoles } from '../../../contract/index.ts';
import { adminFlagOf } from '../permissions/index.ts';
import { AppError } from './app-error.ts';

/**
 * Whether `roles`, as the API shows them (`channel_user channel_admin` or less), make an admin.
 *
 * @throws AppError 400 for a role that is none here.
 */
export function adminFlagOfRoles(scope: 'team' | 'channel', roles: string): boolean {
  const isAdmin = adminFlagOf(scope, roles);
  if (isAdmin !== undefined) return isAdmin;
  throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'roles' } });
}

/**
 * Whether these flags make an admin.
 *
 * @throws AppError 501 for guests, 400 for somebody who would be nothing at all.
 */
export function adminFlagOfScheme({ scheme_admin, scheme_user, scheme_guest }: MemberSchemeRoles): boolean {
  if (scheme_guest) throw new AppError('api.guests.not_available.app_error');
  if (!scheme_user) throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'scheme_user' } });
  return scheme_admin;
}
