export { type EmojiImage, EmojiService, type EmojiServiceDeps } from './emoji-service.ts';
