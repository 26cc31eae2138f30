import { saveDraftRequest } from '../../../contract/index.ts';
import type { Chat } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

const PATH = '/users/:user_id/channels/:channel_id/drafts';

/** What people have begun to write. */
export function createDraftsRoutes({ drafts }: Pick<Chat, 'drafts'>): RouteSpec[] {
  return [
    route({ method: 'post', path: '/drafts', access: 'session', body: saveDraftRequest }, ({ caller, body }) =>
      drafts.save(caller, body),
    ),
    route({ method: 'get', path: '/users/:user_id/teams/:team_id/drafts', access: 'session' }, ({ caller, params }) =>
      drafts.ofTeam(caller, params.user_id, params.team_id),
    ),
    route({ method: 'delete', path: PATH, access: 'session' }, ({ caller, params }) =>
      drafts.remove(caller, { userId: params.user_id, channelId: params.channel_id, rootId: '' }),
    ),
    route({ method: 'delete', path: `${PATH}/:root_id`, access: 'session' }, ({ caller, params }) =>
      drafts.remove(caller, { userId: params.user_id, channelId: params.channel_id, rootId: params.root_id }),
    ),
  ];
}
