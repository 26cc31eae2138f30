export { ChannelMemberService, type ChannelMemberServiceDeps } from './channel-member-service.ts';
export { ChannelService, type ChannelServiceDeps, DEFAULT_CHANNEL } from './channel-service.ts';
export { ReadingService, type ReadingServiceDeps } from './reading-service.ts';
