import { expect } from '@playwright/test';
import type { ApiClient } from '../../tools/holdfast/index.ts';
import type { ChatPage } from './pages/chat-page.ts';
import { Sidebar } from './pages/sidebar.ts';

export interface ReaderOptions {
  /** Stands at the channel `deck`; the user is in `engine` too. */
  readonly chat: ChatPage;
  /** The same user as a program. */
  readonly client: ApiClient;
  readonly channelId: string;
}

/** Reads again and again, as a person who goes from channel to channel and as a program: no read may fail. */
export class Reader {
  readonly #options: ReaderOptions;
  #rounds = 0;
  #reading: Promise<void> | undefined;
  #stopped = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#reading = this.#readOn();
    // Marked as looked at: what goes wrong is thrown by waitForMore() and stop().
    this.#reading.catch(() => {});
  }

  /** Ends after the round at hand; throws what went wrong on the way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading;
  }

  /** Waits until so many rounds more have been read. */
  async waitForMore(rounds: number): Promise<void> {
    const target = this.#rounds + rounds;
    const reached = expect
      .poll(() => this.#rounds, { timeout: 60_000, intervals: [50], message: 'the reader goes on' })
      .toBeGreaterThanOrEqual(target);
    await Promise.race([reached, this.#reading?.then(() => reached)]);
  }

  async #readOn(): Promise<void> {
    const { chat, client, channelId } = this.#options;
    const sidebar = new Sidebar(chat.page);
    while (!this.#stopped) {
      await sidebar.open('engine');
      await sidebar.open('deck');
      await expect(chat.posts.last()).toBeVisible();
      for (let read = 0; read < 10; read++) await client.get(`/channels/${channelId}/posts?page=0&per_page=60`);
      this.#rounds += 1;
    }
  }
}
