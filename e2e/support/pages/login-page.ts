import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from '../../../tools/holdfast/index.ts';

/** `/login` */
export class LoginPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1, name: 'Sign in to Holdfast' });
  }

  /** Why the server let nobody in. */
  get failure(): Locator {
    return this.page.getByRole('alert');
  }

  get createAccount(): Locator {
    return this.page.getByRole('link', { name: 'Create an account' });
  }

  /** Opens the page, signs in and waits until it has moved on. */
  async signIn(account: Account): Promise<void> {
    await this.page.goto('/login');
    await this.enter(account);
    await expect(this.page).not.toHaveURL(/\/login/);
  }

  /** Fills the form as it stands and sends it. */
  async enter({ username, password }: Account): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Email or username' }).fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
}
