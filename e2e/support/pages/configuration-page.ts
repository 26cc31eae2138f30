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
}
