export { BotService, type BotServiceDeps } from './bot-service.ts';
export { mayManageBot } from './bot-rights.ts';
