export { type Chat, type ChatDeps, createChat } from './create-chat.ts';
