import { expect, type Locator, type Page } from '@playwright/test';
import { type Said, readRows } from './read-rows.ts';

const unsent = /Sending|Waiting to be sent|Not sent/;

/** One channel as a user sees it. The names of its parts are fixed: changing one breaks every story. */
export class ChatPage {
  readonly page: Page;
  /** Display name of the channel. */
  readonly #channel: string;

  constructor(page: Page, channel: string) {
    this.page = page;
    this.#channel = channel;
  }

  /** The same page when it shows another channel or person. */
  inChannel(name: string): ChatPage {
    return new ChatPage(this.page, name);
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: `Write to ${this.#channel}`, exact: true });
  }

  get sendButton(): Locator {
    return this.page.getByRole('main').getByRole('button', { name: 'Send message' });
  }

  get messages(): Locator {
    return this.page.getByRole('log', { name: `Messages in ${this.#channel}`, exact: true });
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

  /** The line below the composer. It is for the eyes only, so that it has no role. */
  typing(words: string): Locator {
    return this.page.getByText(words, { exact: true });
  }

  /** The line above the first unread message. */
  get newMessages(): Locator {
    return this.messages.getByRole('separator', { name: 'New messages' });
  }

  /** @param name the channel's address, not its display name */
  async open(team: string, name: string): Promise<void> {
    await this.page.goto(`/${team}/channels/${name}`);
    await expect(this.composer).toBeVisible();
  }

  /** Everything is within the width of the screen. */
  async expectFits(): Promise<void> {
    const width = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await this.page.evaluate(width), 'pixels to scroll sideways').toBe(0);
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Key by key, without sending it. */
  async type(text: string, keyPauseMs = 0): Promise<void> {
    await this.composer.pressSequentially(text, { delay: keyPauseMs });
  }

  /** The post with exactly this text. */
  post(text: string): Locator {
    return this.posts.filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Shown, stored, and once: neither waiting nor doubled. */
  async expectDelivered(text: string): Promise<void> {
    await expect(this.post(text)).toHaveCount(1);
    await expect(this.post(text).getByText(unsent)).toHaveCount(0);
  }

  /** Shown, and the page says that it has not left yet. */
  async expectWaiting(text: string): Promise<void> {
    await expect(this.post(text)).toHaveCount(1);
    await expect(this.post(text).getByText('Waiting to be sent', { exact: true })).toBeVisible();
  }

  async expectNothingWaiting(): Promise<void> {
    await expect(this.posts.getByText(unsent)).toHaveCount(0, { timeout: 30_000 });
  }

  /** How high all loaded messages are together (px), on the screen and beyond it. */
  async historyHeight(): Promise<number> {
    return Number(await this.page.evaluate(`document.querySelector('main [role=log]').scrollHeight`));
  }

  /** Reads the channel from its beginning to its end, as somebody who scrolls through it. */
  async readHistory(): Promise<Said[]> {
    const beginning = this.messages.getByText(`This is the beginning of ${this.#channel}.`);
    await expect(async () => {
      await this.messages.hover();
      await this.page.mouse.wheel(0, -1_000_000);
      await expect(beginning).toBeInViewport({ timeout: 250 });
    }).toPass({ intervals: [20], timeout: 60_000 });
    return readRows(this.messages);
  }

  /** The toolbar shows itself on hover and on focus. */
  async actions(text: string): Promise<Locator> {
    await this.post(text).hover();
    return this.post(text).getByRole('toolbar', { name: 'Message actions' });
  }

  /** Opens the thread of a post. */
  async reply(text: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: 'Reply' }).click();
  }

  async edit(text: string, next: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: 'Edit' }).click();
    await this.changeInPlace(next);
  }

  /** In the box that stands in for the post while it is edited. */
  async changeInPlace(next: string): Promise<void> {
    const box = this.page.getByRole('textbox', { name: 'Edit message' });
    await box.fill(next);
    await box.press('Enter');
    await expect(box).toHaveCount(0);
  }

  async delete(text: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = this.page.getByRole('alertdialog', { name: 'Delete message' });
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(question).toHaveCount(0);
  }

  /** With the emoji of this name, one of those that the toolbar offers. */
  async react(text: string, name: string): Promise<void> {
    await (await this.actions(text)).getByRole('button', { name: `React with ${name}`, exact: true }).click();
  }

  /** @param label as it is read out, e.g. `👍 2, you reacted` */
  reaction(text: string, label: string): Locator {
    return this.post(text).getByRole('button', { name: label, exact: true });
  }

  /** The button below a post that leads to its replies. */
  replies(text: string, label: string): Locator {
    return this.post(text).getByRole('button', { name: label, exact: true });
  }
}
