export { ChannelMemberService } from './channel-member-service.ts';
export { ChannelService } from './channel-service.ts';
export { ReadingService } from './reading-service.ts';
export { ChannelDirectory } from './channel-directory.ts';
export { ChannelMove } from './channel-move.ts';
export { GroupChannels } from './group-channels.ts';
