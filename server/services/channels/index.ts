export { ChannelMemberService } from './channel-member-service.ts';
export { ChannelService } from './channel-service.ts';
export { ReadingService } from './reading-service.ts';
