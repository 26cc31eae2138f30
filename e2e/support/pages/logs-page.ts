import type { Locator, Page } from '@playwright/test';

/** System Console > Server Logs */
export class LogsPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get list(): Locator {
    return this.#page.getByRole('list', { name: 'Server log' });
  }

  /** The lines that have all of these words, oldest first. */
  lines(...words: readonly string[]): Locator {
    const rows = this.list.getByRole('listitem');
    return words.reduce((found, word) => found.filter({ hasText: word }), rows);
  }

  async search(words: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: 'Search lines' }).fill(words);
  }

  get pauseButton(): Locator {
    return this.#page.getByRole('button', { name: 'Pause', exact: true });
  }

  get goOnButton(): Locator {
    return this.#page.getByRole('button', { name: /^Go on/ });
  }

  level(name: 'Error' | 'Warning' | 'Info' | 'Debug'): Locator {
    return this.#page.getByRole('group', { name: 'Levels' }).getByRole('button', { name: new RegExp(`^${name}`) });
  }

  /** What the button saves, as text. */
  async download(): Promise<string> {
    const [saved] = await Promise.all([
      this.#page.waitForEvent('download'),
      this.#page.getByRole('button', { name: 'Download' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }
}
