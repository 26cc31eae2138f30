import { expect, type Page } from '@playwright/test';
import type { Account } from '../../../tools/holdfast/index.ts';

/** `/login` */
export class LoginPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  /** Signs in and waits until the page has moved on. */
  async signIn({ username, password }: Account): Promise<void> {
    await this.#page.goto('/login');
    await this.#page.getByRole('textbox', { name: 'Email or username' }).fill(username);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(this.#page).not.toHaveURL(/\/login/);
  }
}
