export { type ChannelAccess, ChannelAccesses, type ChannelAccessesDeps, type ChannelRule } from './channel-access.ts';
