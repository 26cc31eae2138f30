import type {
  Channel,
  ChannelMember,
  ChannelStats,
  CreateChannelRequest,
  PatchChannelRequest,
  ViewChannelResponse,
} from '../../../contract/index.ts';
import type { Http } from './http.ts';

/** Channels, membership and what has been read. */
export function createChannelsClient(http: Http) {
  return {
    mine: (teamId: string) => http<Channel[]>({ path: `/users/me/teams/${teamId}/channels` }),
    myMembers: (teamId: string) => http<ChannelMember[]>({ path: `/users/me/teams/${teamId}/channels/members` }),
    byId: (channelId: string) => http<Channel>({ path: `/channels/${channelId}` }),
    openIn: (teamId: string, page = 0) =>
      http<Channel[]>({ path: `/teams/${teamId}/channels`, query: { page, per_page: 200 } }),
    create: (body: CreateChannelRequest) => http<Channel>({ method: 'POST', path: '/channels', body }),
    direct: (userIds: readonly [string, string]) =>
      http<Channel>({ method: 'POST', path: '/channels/direct', body: userIds }),
    patch: (channelId: string, body: PatchChannelRequest) =>
      http<Channel>({ method: 'PUT', path: `/channels/${channelId}/patch`, body }),
    archive: (channelId: string) => http<unknown>({ method: 'DELETE', path: `/channels/${channelId}` }),
    join: (channelId: string, userId: string) =>
      http<ChannelMember>({ method: 'POST', path: `/channels/${channelId}/members`, body: { user_id: userId } }),
    leave: (channelId: string, userId: string) =>
      http<unknown>({ method: 'DELETE', path: `/channels/${channelId}/members/${userId}` }),
    myMember: (channelId: string) => http<ChannelMember>({ path: `/channels/${channelId}/members/me` }),
    stats: (channelId: string) => http<ChannelStats>({ path: `/channels/${channelId}/stats` }),
    view: (channelId: string, previousChannelId = '') =>
      http<ViewChannelResponse>({
        method: 'POST',
        path: '/channels/members/me/view',
        body: { channel_id: channelId, prev_channel_id: previousChannelId },
      }),
  };
}
