export { ReactionService } from './reaction-service.ts';
