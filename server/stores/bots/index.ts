export { type BotFilter, type BotStore, createBotStore, type NewBot, type StoredBot } from './bot-store.ts';
