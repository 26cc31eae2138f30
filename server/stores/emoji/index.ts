export { createEmojiStore, emojiNameKey, type EmojiStore } from './emoji-store.ts';
