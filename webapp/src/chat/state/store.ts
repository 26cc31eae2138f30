import { create } from 'zustand';
import { type Change, type ChatState, emptyChatState } from './chat-state.ts';

/** The chat's state, for components (`useChat(selector)`) and for what talks to the server (`chatState()`). */
export const useChat = create<ChatState>()(() => emptyChatState(''));

export const chatState = (): ChatState => useChat.getState();

export function change(...changes: readonly Change[]): void {
  useChat.setState((state) => changes.reduce((current, each) => each(current), state), true);
}

/** One list for each question that is on its way: the news since it was asked. */
const listening = new Set<Change[]>();

/**
 * What the server has told: an event, or its answer to a change of our own. It is laid over every answer that is still on its way as well,
 * because that one may have been read before. So it must change nothing more when it is taken twice.
 */
export function takeNews(...news: readonly Change[]): void {
  for (const heard of listening) heard.push(...news);
  change(...news);
}

let stretch = 0;

/** The news have a hole from here on: answers that were asked for before it are not taken, they are asked for again. */
export function endStretch(): void {
  stretch += 1;
}

/** Asks the server and takes its answer over, with the news that came meanwhile on top of it. Throws what `ask` throws. */
export async function takeAnswer<T>(ask: () => Promise<T>, changeOf: (answer: T) => Change): Promise<T> {
  for (;;) {
    const asked = stretch;
    const heard: Change[] = [];
    listening.add(heard);
    try {
      const answer = await ask();
      if (asked !== stretch) continue;
      change(changeOf(answer), ...heard);
      return answer;
    } finally {
      listening.delete(heard);
    }
  }
}
