import type { Chat } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { createChannelMembersRoutes } from './channel-members.routes.ts';
import { createChannelsOnlyRoutes } from './channels.routes.ts';
import { createFindChannelsRoutes } from './find-channels.routes.ts';

/** Channels, their members, and what a user has read of them. */
export function createChannelsRoutes(chat: Pick<Chat, 'channels' | 'channelMembers' | 'reading'>): RouteSpec[] {
  return [...createChannelsOnlyRoutes(chat), ...createFindChannelsRoutes(chat), ...createChannelMembersRoutes(chat)];
}
