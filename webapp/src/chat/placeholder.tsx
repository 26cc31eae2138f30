import { Outlet } from '@tanstack/react-router';
export const ChatLayout = () => <Outlet />;
export const ChatStart = () => <main />;
export const ChannelPage = () => <main />;
export const DirectPage = () => <main />;
