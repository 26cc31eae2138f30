import { channelDirectoryRequest, channelSearchRequest, limits, userIdsRequest } from '../../../contract/index.ts';
import { AppError, type Chat } from '../../services/index.ts';
import { flagOf, pageOf, RawJson, type RouteSpec, route } from '../http/index.ts';

type Services = Pick<Chat, 'channelDirectory' | 'groupChannels'>;

const text = async (json: Promise<string>): Promise<RawJson> => new RawJson(await json);

/** Channels beyond one team, and figures about who is in them. */
export function createChannelDirectoryRoutes(services: Services): RouteSpec[] {
  return [...listRoutes(services), ...memberRoutes(services), ...paidRoutes()];
}

function listRoutes({ channelDirectory, groupChannels }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/channels', access: 'session' }, ({ caller, query }) => {
      const { page, perPage } = pageOf(query);
      const search = {
        term: '',
        teamIds: [],
        open: true,
        private: true,
        archived: flagOf(query, 'include_deleted'),
        withoutDefault: flagOf(query, 'exclude_default_channels'),
        page,
        perPage,
      };
      const isCounted = flagOf(query, 'include_total_count');
      return text(
        isCounted ? channelDirectory.pageOfAllTeams(caller, search) : channelDirectory.ofAllTeams(caller, search),
      );
    }),
    route(
      { method: 'post', path: '/channels/search', access: 'session', body: channelDirectoryRequest, dispensable: true },
      ({ caller, query, body }) => {
        const isPaged = body.page !== undefined && body.per_page !== undefined;
        const search = searchOf(body);
        // The System Console's search, unless somebody says that it is not.
        if (query.get('system_console') === 'false') return text(channelDirectory.ofOwnTeams(caller, search));
        return text(
          isPaged ? channelDirectory.pageOfAllTeams(caller, search) : channelDirectory.ofAllTeams(caller, search),
        );
      },
    ),
    route(
      {
        method: 'post',
        path: '/channels/group/search',
        access: 'session',
        body: channelSearchRequest,
        dispensable: true,
      },
      ({ caller, body }) => text(groupChannels.search(caller, body.term)),
    ),
  ];
}

function searchOf(body: ReturnType<(typeof channelDirectoryRequest)['parse']>) {
  // Neither of the two kinds means both.
  const isAny = body.public === body.private;
  return {
    term: body.term.trim(),
    teamIds: body.team_ids,
    open: isAny || body.public,
    private: isAny || body.private,
    archived: body.include_deleted,
    withoutDefault: body.exclude_default_channels,
    page: body.page ?? 0,
    perPage: Math.min(body.per_page ?? limits.perPageMax, limits.perPageMax),
  };
}

function memberRoutes({ channelDirectory }: Services): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/channels/stats/member_count', access: 'session', body: userIdsRequest },
      ({ caller, body }) => channelDirectory.memberCounts(caller, body),
    ),
    route({ method: 'get', path: '/channels/:channel_id/timezones', access: 'session' }, ({ caller, params }) =>
      channelDirectory.timezones(caller, params.channel_id),
    ),
    route(
      { method: 'get', path: '/channels/:channel_id/member_counts_by_group', access: 'session' },
      ({ caller, params }) => channelDirectory.memberCountsByGroup(caller, params.channel_id),
    ),
  ];
}

/** What Mattermost does with a licence only, refused as it does without. */
function paidRoutes(): RouteSpec[] {
  return [
    route({ method: 'get', path: '/channels/:channel_id/moderations', access: 'session' }, async () => {
      throw new AppError('api.channel.get_channel_moderations.license.error');
    }),
    route({ method: 'put', path: '/channels/:channel_id/moderations/patch', access: 'session' }, async () => {
      throw new AppError('api.channel.patch_channel_moderations.license.error');
    }),
  ];
}
