import { expect, type Page } from '@playwright/test';

/** The menu of the signed-in user, at the end of the chat's top bar. */
export class UserMenu {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  async choose(
    item: 'Sign out' | 'System Console' | 'Keyboard shortcuts' | 'Light' | 'Dark' | 'System',
  ): Promise<void> {
    await this.#page.getByRole('button', { name: /^Account of .*, menu$/ }).click();
    await this.#page
      .getByRole(/Light|Dark|System$/.test(item) ? 'menuitemradio' : 'menuitem', { name: item, exact: true })
      .click();
  }

  async expectNoConsole(): Promise<void> {
    await this.#page.getByRole('button', { name: /^Account of .*, menu$/ }).click();
    await expect(this.#page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
    await expect(this.#page.getByRole('menuitem', { name: 'System Console' })).toHaveCount(0);
    await this.#page.keyboard.press('Escape');
  }
}
