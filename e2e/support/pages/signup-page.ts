import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from '../../../tools/holdfast/index.ts';

/** `/signup`, and the choice of a team that follows it. */
export class SignupPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get heading(): Locator {
    return this.#page.getByRole('heading', { level: 1, name: 'Create your account' });
  }

  async createAccount({ username, password }: Account): Promise<void> {
    await expect(this.heading).toBeVisible();
    await this.#page.getByRole('textbox', { name: 'Email' }).fill(`${username}@example.org`);
    await this.#page.getByRole('textbox', { name: 'Username' }).fill(username);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.getByRole('button', { name: 'Create account' }).click();
  }

  async joinTeam(displayName: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Join ${displayName}` }).click();
  }
}
