export type { MemberPlace } from './channel-members.ts';
export type { UnreadRecord } from './channel-reading.ts';
export {
  CHANNEL_NAME_INDEX,
  type ChannelAccessRecord,
  type ChannelPatch,
  type ChannelStore,
  createChannelStore,
  type NewChannel,
} from './channel-store.ts';
export { addToDefaultChannels, type ChannelMemberRecord } from './member-row.ts';
