import { expect, type Page } from '@playwright/test';
import type { Account } from '../../../tools/holdfast/index.ts';

/** `/setup` of a server without accounts: the first admin, the first team, a look at the databases. */
export class SetupPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  async createAdmin({ username, password }: Account): Promise<void> {
    await this.#page.goto('/');
    await expect(this.#page.getByRole('heading', { level: 1, name: 'Welcome to Holdfast' })).toBeVisible();
    await this.#page.getByRole('textbox', { name: 'Email' }).fill(`${username}@example.org`);
    await this.#page.getByRole('textbox', { name: 'Username' }).fill(username);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.getByRole('button', { name: 'Create the admin account' }).click();
  }

  async createTeam(name: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: 'Team name' }).fill(name);
    await this.#page.getByRole('button', { name: 'Create the team' }).click();
    await expect(this.#page.getByRole('button', { name: 'Go to the chat' })).toBeVisible();
  }

  async goToChat(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Go to the chat' }).click();
  }
}
