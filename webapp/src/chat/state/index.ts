export * from './channels.ts';
export * from './chat-state.ts';
export { changeOf } from './events.ts';
export * from './posts.ts';
export { change, chatState, endStretch, takeAnswer, takeNews, useChat } from './store.ts';
