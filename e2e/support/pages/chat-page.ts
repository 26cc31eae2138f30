import { expect, type Locator, type Page } from '@playwright/test';

/** One channel as a user sees it. The names of its parts are fixed: changing one breaks every story. */
export class ChatPage {
  readonly page: Page;
  /** Display name of the channel. */
  readonly #channel: string;

  constructor(page: Page, channel: string) {
    this.page = page;
    this.#channel = channel;
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: `Write to ${this.#channel}` });
  }

  get messages(): Locator {
    return this.page.getByRole('log', { name: `Messages in ${this.#channel}` });
  }

  get posts(): Locator {
    return this.messages.getByRole('article');
  }

  /** The line that tells about a lost server, a switch or read-only mode. */
  get connectionBanner(): Locator {
    return this.page.getByRole('status', { name: 'Connection' });
  }

  get retryNow(): Locator {
    return this.page.getByRole('button', { name: 'Retry now' });
  }

  /** @param name the channel's address, not its display name */
  async open(team: string, name: string): Promise<void> {
    await this.page.goto(`/${team}/channels/${name}`);
    await expect(this.composer).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** The post with exactly this text. */
  post(text: string): Locator {
    return this.posts.filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Shown, stored, and once: neither waiting nor doubled. */
  async expectDelivered(text: string): Promise<void> {
    await expect(this.post(text)).toHaveCount(1);
    await expect(this.post(text).getByText(/Sending|Waiting to be sent|Not sent/)).toHaveCount(0);
  }

  /** The toolbar shows itself on hover and on focus. */
  async actions(text: string): Promise<Locator> {
    await this.post(text).hover();
    return this.post(text).getByRole('toolbar', { name: 'Message actions' });
  }

  async reply(text: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: 'Reply' }).click();
  }

  async edit(text: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: 'Edit' }).click();
  }

  reaction(text: string, emoji: string): Locator {
    return this.post(text).getByRole('button', { name: new RegExp(`^${emoji} \\d+`) });
  }

  /** The sidebar's entry of a channel; its name also tells what is unread. */
  channelLink(displayName: string): Locator {
    return this.page
      .getByRole('navigation', { name: 'Channels' })
      .getByRole('link', { name: new RegExp(`^${displayName}\\b`) });
  }
}
