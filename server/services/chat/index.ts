export { type Chat, createChat } from './create-chat.ts';
