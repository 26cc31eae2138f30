import { expect, type Locator, type Page } from '@playwright/test';

/** A thread in the right panel. */
export class ThreadPanel {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get panel(): Locator {
    return this.#page.getByRole('complementary', { name: 'Thread' });
  }

  get posts(): Locator {
    return this.panel.getByRole('log', { name: 'Messages in the thread' }).getByRole('article');
  }

  get composer(): Locator {
    return this.panel.getByRole('textbox', { name: 'Reply to the thread' });
  }

  post(text: string): Locator {
    return this.posts.filter({ has: this.#page.getByText(text, { exact: true }) });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  async close(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Close thread' }).click();
    await expect(this.panel).toHaveCount(0);
  }
}
