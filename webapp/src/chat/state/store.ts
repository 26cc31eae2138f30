import { create } from 'zustand';
import { type Change, type ChatState, emptyChatState } from './chat-state.ts';

/** The chat's state, for components (`useChat(selector)`) and for what talks to the server (`chatState()`). */
export const useChat = create<ChatState>()(() => emptyChatState(''));

export const chatState = (): ChatState => useChat.getState();

export function change(...changes: readonly Change[]): void {
  useChat.setState((state) => changes.reduce((current, each) => each(current), state), true);
}
