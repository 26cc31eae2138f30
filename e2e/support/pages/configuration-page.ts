import { expect, type Locator, type Page } from '@playwright/test';

/** System Console > Configuration */
export class ConfigurationPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get changesOnDisk(): Locator {
    return this.#page.getByRole('table', { name: 'Changes on disk' });
  }

  get result(): Locator {
    return this.#page.getByRole('status', { name: 'Reload result' });
  }

  get failure(): Locator {
    return this.#page.getByRole('alert');
  }

  /** Presses "Reload Configuration from Disk" and waits for its success. */
  async reload(): Promise<void> {
    await this.pressReload();
    await expect(this.result).toContainText(/reloaded/i);
  }

  async pressReload(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Reload Configuration from Disk' }).click();
  }

  /** The rows of the history, newest first. */
  get history(): Locator {
    return this.#page
      .getByRole('table', { name: 'Configuration history' })
      .getByRole('row')
      .filter({ has: this.#page.getByRole('rowheader') });
  }

  /** Compares the version of a row with what is running. */
  async compare(row: Locator): Promise<Locator> {
    await row.getByRole('button', { name: 'Compare…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: /^Compare version/ });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** Asks for the version of a row to be written to disk. */
  async askToRestore(row: Locator): Promise<Locator> {
    await row.getByRole('button', { name: 'Restore…' }).click();
    const question = this.#page.getByRole('alertdialog', { name: /^Restore version .* to disk$/ });
    await expect(question).toBeVisible();
    return question;
  }
}
