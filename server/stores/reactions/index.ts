export { createReactionStore, type ReactionStore } from './reaction-store.ts';
