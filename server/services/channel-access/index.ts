export { type ChannelAccess, ChannelAccesses } from './channel-access.ts';
