import { AppError } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

const refuse = async (): Promise<never> => {
  throw new AppError('api.email.not_available.app_error');
};

/** Whatever needs a mail. Saying OK to somebody who then waits for it would be a lie. */
export function createMailRoutes(): RouteSpec[] {
  const forStrangers = (path: string) => route({ method: 'post', path, access: 'public' }, refuse);
  return [
    forStrangers('/users/password/reset'),
    forStrangers('/users/password/reset/send'),
    forStrangers('/users/email/verify'),
    forStrangers('/users/email/verify/send'),
    route({ method: 'post', path: '/teams/:team_id/invite/email', access: 'session' }, refuse),
  ];
}
