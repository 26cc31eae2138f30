import {
  addChannelMemberRequest,
  type ChannelMember,
  channelNotifyPropsRequest,
  markReadRequest,
  memberRolesRequest,
  memberSchemeRolesRequest,
  typingRequest,
  userIdsRequest,
  viewChannelRequest,
} from '../../../contract/index.ts';
import { adminFlagOfScheme, type Caller, type Chat } from '../../services/index.ts';
import { pageOf, type RouteSpec, route } from '../http/index.ts';

type Services = Pick<Chat, 'channelMembers' | 'reading'>;

/** Who is in a channel, and what they have read. */
export function createChannelMembersRoutes(services: Services): RouteSpec[] {
  return [
    ...memberRoutes(services),
    ...roleRoutes(services),
    ...userRoutes(services),
    ...readingRoutes(services),
    ...typingRoutes(services),
  ];
}

function memberRoutes({ channelMembers }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/channels/:channel_id/members', access: 'session' }, ({ caller, params, query }) => {
      const { page, perPage } = pageOf(query);
      return channelMembers.list(caller, params.channel_id, page, perPage);
    }),
    route(
      {
        method: 'post',
        path: '/channels/:channel_id/members',
        access: 'session',
        body: addChannelMemberRequest,
        status: 201,
      },
      ({ caller, params, body }) =>
        body.user_ids === undefined
          ? channelMembers.add(caller, { channelId: params.channel_id, userId: body.user_id as string })
          : addAll({ channelMembers, caller, channelId: params.channel_id }, body.user_ids),
    ),
    route(
      { method: 'post', path: '/channels/:channel_id/members/ids', access: 'session', body: userIdsRequest },
      ({ caller, params, body }) => channelMembers.byIds(caller, params.channel_id, body),
    ),
    route({ method: 'get', path: '/channels/:channel_id/members/:user_id', access: 'session' }, ({ caller, params }) =>
      channelMembers.get(caller, { channelId: params.channel_id, userId: params.user_id }),
    ),
    route(
      { method: 'delete', path: '/channels/:channel_id/members/:user_id', access: 'session' },
      ({ caller, params }) => channelMembers.remove(caller, { channelId: params.channel_id, userId: params.user_id }),
    ),
    route(
      {
        method: 'put',
        path: '/channels/:channel_id/members/:user_id/notify_props',
        access: 'session',
        body: channelNotifyPropsRequest,
      },
      ({ caller, params, body: { user_id: _user, channel_id: _channel, ...props } }) =>
        channelMembers.patchNotifyProps(caller, { channelId: params.channel_id, userId: params.user_id }, props),
    ),
  ];
}

function roleRoutes({ channelMembers }: Services): RouteSpec[] {
  const path = '/channels/:channel_id/members/:user_id';
  return [
    route(
      { method: 'put', path: `${path}/roles`, access: 'session', body: memberRolesRequest },
      ({ caller, params, body }) => {
        const place = { channelId: params.channel_id, userId: params.user_id };
        return channelMembers.setRoles(caller, place, body.roles);
      },
    ),
    route(
      { method: 'put', path: `${path}/schemeRoles`, access: 'session', body: memberSchemeRolesRequest },
      ({ caller, params, body }) => {
        const place = { channelId: params.channel_id, userId: params.user_id };
        return channelMembers.setAdmin(caller, place, adminFlagOfScheme(body));
      },
    ),
  ];
}

/** One after the other: each is told of by itself. */
async function addAll(
  { channelMembers, caller, channelId }: { channelMembers: Chat['channelMembers']; caller: Caller; channelId: string },
  userIds: readonly string[],
): Promise<ChannelMember[]> {
  const members: ChannelMember[] = [];
  for (const userId of userIds) members.push(await channelMembers.add(caller, { channelId, userId }));
  return members;
}

function userRoutes({ channelMembers }: Services): RouteSpec[] {
  return [
    route(
      { method: 'get', path: '/users/:user_id/teams/:team_id/channels/members', access: 'session' },
      ({ caller, params }) => channelMembers.ofUserInTeam(caller, params.user_id, params.team_id),
    ),
    route(
      { method: 'get', path: '/users/:user_id/channel_members', access: 'session' },
      ({ caller, params, query }) => {
        const { page, perPage } = pageOf(query);
        return channelMembers.ofUser(caller, params.user_id, page, perPage);
      },
    ),
  ];
}

function typingRoutes({ channelMembers }: Services): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/users/:user_id/typing', access: 'session', body: typingRequest, dispensable: true },
      ({ caller, params, body }) =>
        channelMembers.typing(caller, { channelId: body.channel_id, userId: params.user_id }, body.parent_id),
    ),
  ];
}

function readingRoutes({ reading }: Services): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/channels/members/:user_id/view', access: 'session', body: viewChannelRequest },
      ({ caller, params, body }) => reading.view(caller, params.user_id, [body.channel_id, body.prev_channel_id ?? '']),
    ),
    route(
      { method: 'post', path: '/channels/members/:user_id/mark_read', access: 'session', body: markReadRequest },
      ({ caller, params, body }) => reading.view(caller, params.user_id, body),
    ),
    route(
      { method: 'get', path: '/users/:user_id/channels/:channel_id/unread', access: 'session' },
      ({ caller, params }) => reading.unread(caller, params.user_id, params.channel_id),
    ),
  ];
}
