export { ChannelPage, DirectPage } from './channel/channel-pages.tsx';
export { ChatLayout, ChatStart } from './layout/chat-layout.tsx';
