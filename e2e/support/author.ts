import { expect } from '@playwright/test';
import type { ChatPage } from './pages/chat-page.ts';

/** A person's pace: about eighty words in a minute. It is the load of a story, not a wait for anything. */
const keyPauseMs = 12;

/** Somebody who goes on writing in the composer, one message after the other, each seen on the screen before the next. */
export class Author {
  readonly #chat: ChatPage;
  readonly #name: string;
  readonly #written: string[] = [];
  #writing: Promise<void> | undefined;
  #stopped = false;

  constructor(chat: ChatPage, name: string) {
    this.#chat = chat;
    this.#name = name;
  }

  /** What has been written so far, in the order of Enter. */
  get written(): readonly string[] {
    return this.#written;
  }

  start(): void {
    this.#writing = this.#writeOn();
    // Marked as looked at: what goes wrong is thrown by stop().
    this.#writing.catch(() => {});
  }

  /** Ends after the message at hand; throws what went wrong on the way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  /** Waits until so many messages more have been written. */
  async waitForMore(count: number): Promise<void> {
    const target = this.#written.length + count;
    const options = { timeout: 60_000, intervals: [50], message: `${this.#name} goes on writing` };
    const reached = expect.poll(() => this.#written.length, options).toBeGreaterThanOrEqual(target);
    // Whoever cannot write any more says why at once.
    await Promise.race([reached, this.#writing?.then(() => reached)]);
  }

  async #writeOn(): Promise<void> {
    while (!this.#stopped) {
      const text = `${this.#name} says ${this.#written.length + 1}`;
      await this.#chat.type(text, keyPauseMs);
      this.#written.push(text);
      await this.#chat.composer.press('Enter');
      await expect(this.#chat.post(text)).toBeVisible();
    }
  }
}
