export { ReactionService, type ReactionServiceDeps } from './reaction-service.ts';
