export { ChannelMemberService, type ChannelMemberServiceDeps } from './channel-member-service.ts';
export { ChannelService, type ChannelServiceDeps } from './channel-service.ts';
export { ReadingService, type ReadingServiceDeps } from './reading-service.ts';
