import type { Chat } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { createChannelDirectoryRoutes } from './channel-directory.routes.ts';
import { createChannelMembersRoutes } from './channel-members.routes.ts';
import { createChannelsOnlyRoutes } from './channels.routes.ts';
import { createFindChannelsRoutes } from './find-channels.routes.ts';

export type ChannelServices = Pick<
  Chat,
  'channels' | 'channelMembers' | 'channelDirectory' | 'channelMove' | 'groupChannels' | 'reading'
>;

/** Channels, their members, and what a user has read of them. */
export function createChannelsRoutes(chat: ChannelServices): RouteSpec[] {
  return [
    ...createChannelsOnlyRoutes(chat),
    ...createFindChannelsRoutes(chat),
    ...createChannelDirectoryRoutes(chat),
    ...createChannelMembersRoutes(chat),
  ];
}
