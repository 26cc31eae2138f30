import { expect, type Locator, type Page } from '@playwright/test';

/** The channels at the side of the chat. */
export class Sidebar {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get navigation(): Locator {
    return this.#page.getByRole('navigation', { name: 'Channels' });
  }

  /** The entry of a channel or person, whatever is unread in it. */
  entry(title: string): Locator {
    return this.navigation.getByRole('link', { name: new RegExp(`^${title}(,|$)`) });
  }

  /** The entry as it is read out: `deck, unread`, `deck, 2 mentions`. */
  entryNamed(name: string): Locator {
    return this.navigation.getByRole('link', { name, exact: true });
  }

  async open(title: string): Promise<void> {
    await this.entry(title).click();
    await expect(this.#page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** On a narrow screen. */
  async openDrawer(): Promise<void> {
    await this.#page.getByRole('banner').getByRole('button', { name: 'Channels' }).click();
    await expect(this.navigation).toBeVisible();
  }

  async createChannel(name: string): Promise<void> {
    await this.#choose('Create a channel');
    const dialog = this.#page.getByRole('dialog', { name: 'Create a channel' });
    await dialog.getByRole('textbox', { name: 'Channel name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create channel' }).click();
    await expect(dialog).toHaveCount(0);
  }

  async joinChannel(name: string): Promise<void> {
    await this.#choose('Browse channels');
    const dialog = this.#page.getByRole('dialog', { name: 'Browse channels' });
    await dialog.getByRole('button', { name: `Join ${name}` }).click();
    await expect(dialog).toHaveCount(0);
  }

  async writeTo(person: string): Promise<void> {
    await this.navigation.getByRole('button', { name: 'Write a direct message' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'Write a direct message' });
    await dialog.getByRole('textbox', { name: 'Find people by name' }).fill(person);
    await dialog.getByRole('button', { name: `Write to ${person}` }).click();
    await expect(dialog).toHaveCount(0);
  }

  async #choose(item: string): Promise<void> {
    await this.navigation.getByRole('button', { name: 'Add channels' }).click();
    await this.#page.getByRole('menuitem', { name: item }).click();
  }
}
