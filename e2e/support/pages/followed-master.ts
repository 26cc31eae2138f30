import { expect, type Locator, type Page } from '@playwright/test';

/** What the Database and Configuration pages say while the file names another master than the live one. */
export class FollowedMasterNotice {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get banner(): Locator {
    return this.#page.getByText(/^The live master is .*: it was promoted and followed/);
  }

  get result(): Locator {
    return this.#page.getByRole('status', { name: 'Result of writing the master' });
  }

  /** Asks for the live master to be written, and gives the question that comes first. */
  async ask(): Promise<Locator> {
    await this.#page.getByRole('button', { name: 'Write to config.json…' }).click();
    const question = this.#page.getByRole('alertdialog', { name: 'Write the live master to config.json' });
    await expect(question).toBeVisible();
    return question;
  }

  differences(question: Locator): Locator {
    return question.getByRole('table', { name: 'From the file as it is to the file as it will be' });
  }
}
