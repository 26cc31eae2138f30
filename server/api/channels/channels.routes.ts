import {
  channelPrivacyRequest,
  createChannelRequest,
  createDirectChannelRequest,
  createGroupChannelRequest,
  moveChannelRequest,
  patchChannelRequest,
} from '../../../contract/index.ts';
import type { Chat } from '../../services/index.ts';
import { type RouteSpec, route } from '../http/index.ts';

type Services = Pick<Chat, 'channels' | 'channelMove' | 'groupChannels'>;

/** One channel: making, reading, changing, archiving, moving. */
export function createChannelsOnlyRoutes(services: Services): RouteSpec[] {
  return [...channelRoutes(services), ...moreRoutes(services)];
}

function moreRoutes({ channelMove, groupChannels }: Services): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/channels/group', access: 'session', body: createGroupChannelRequest, status: 201 },
      ({ caller, body }) => groupChannels.create(caller, body),
    ),
    route(
      { method: 'post', path: '/channels/:channel_id/move', access: 'session', body: moveChannelRequest },
      ({ caller, params, body }) =>
        channelMove.move(caller, params.channel_id, { teamId: body.team_id, force: body.force }),
    ),
  ];
}

function channelRoutes({ channels }: Services): RouteSpec[] {
  return [
    route({ method: 'post', path: '/channels', access: 'session', body: createChannelRequest, status: 201 }, (input) =>
      channels.create(input.caller, input.body),
    ),
    route(
      { method: 'post', path: '/channels/direct', access: 'session', body: createDirectChannelRequest, status: 201 },
      ({ caller, body: [first, second] }) => channels.createDirect(caller, [first as string, second as string]),
    ),
    route({ method: 'get', path: '/channels/:channel_id', access: 'session' }, ({ caller, params }) =>
      channels.get(caller, params.channel_id),
    ),
    ...['/channels/:channel_id' as const, '/channels/:channel_id/patch' as const].map((path) =>
      route({ method: 'put', path, access: 'session', body: patchChannelRequest }, ({ caller, params, body }) =>
        channels.patch(caller, params.channel_id, body),
      ),
    ),
    route(
      { method: 'put', path: '/channels/:channel_id/privacy', access: 'session', body: channelPrivacyRequest },
      ({ caller, params, body }) => channels.setPrivacy(caller, params.channel_id, body.privacy),
    ),
    route({ method: 'delete', path: '/channels/:channel_id', access: 'session' }, ({ caller, params }) =>
      channels.archive(caller, params.channel_id),
    ),
    route({ method: 'post', path: '/channels/:channel_id/restore', access: 'session' }, ({ caller, params }) =>
      channels.restore(caller, params.channel_id),
    ),
    route({ method: 'get', path: '/channels/:channel_id/stats', access: 'session' }, ({ caller, params }) =>
      channels.stats(caller, params.channel_id),
    ),
  ];
}
