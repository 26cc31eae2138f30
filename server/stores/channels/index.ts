export type { DirectoryPage, DirectorySearch } from './channel-directory.ts';
export {
  CHANNEL_NAME_INDEX,
  type ChannelStore,
  createChannelStore,
  type NewChannel,
} from './channel-store.ts';
export { addToDefaultChannels, type ChannelMemberRecord } from './member-row.ts';
