import { expect } from '@playwright/test';
import type { Cluster } from '../../tools/cluster/index.ts';
import type { ApiClient } from '../../tools/holdfast/index.ts';
import { readAuthor } from './ledger.ts';
import type { ChatPage } from './pages/chat-page.ts';

/** One who wrote in a browser: where, as whom, and what, in the order of Enter. */
export interface Writer {
  readonly chat: ChatPage;
  readonly client: ApiClient;
  readonly written: readonly string[];
}

/**
 * Everything that was written in browsers is on the master exactly once and in the order of writing, and every reader sees it so: all of
 * the channel is read, from its beginning to its end, on a page that was opened anew.
 */
export async function expectAllKept(cluster: Cluster, channelId: string, writers: readonly Writer[]): Promise<void> {
  for (const { chat } of writers) await chat.expectNothingWaiting();
  for (const { client, written } of writers) {
    const stored = await readAuthor(cluster, channelId, client.user.id);
    expect(stored, `${client.user.username} on the master`).toEqual(written);
  }
  for (const { chat } of writers) {
    await chat.page.reload();
    const history = await chat.readHistory();
    for (const { client, written } of writers) {
      const { username } = client.user;
      const shown = history.flatMap(({ author, words }) => (author === username ? [words] : []));
      expect(withoutNotes(shown, username), `${username} on the page`).toEqual(written);
    }
  }
}

// The notes of the server ("ann joined the channel.") carry the author's name too.
function withoutNotes(words: readonly string[], username: string): string[] {
  return words.filter((each) => !each.startsWith(`${username} joined`));
}
