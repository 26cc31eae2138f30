export { ChannelPage, ChatLayout, ChatStart, DirectPage } from './placeholder.tsx';
