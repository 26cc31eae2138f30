import { expect, type Locator, type Page } from '@playwright/test';

const RECYCLE = 'Recycle Database Connections';

/** System Console > Database */
export class DatabasePage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get connections(): Locator {
    return this.page.getByRole('table', { name: 'Database connections' });
  }

  /** The row of one data source. @param name as the table shows it: `host:port/database` or a part of it */
  source(name: string): Locator {
    return this.connections.getByRole('row').filter({ hasText: name });
  }

  /** The menu of a row. */
  actionsFor(name: string): Locator {
    return this.source(name).getByRole('button', { name: 'Actions for ' });
  }

  /** Opens the menu of a row and takes an item of it. */
  async #act(name: string, item: string): Promise<void> {
    await this.actionsFor(name).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Everything that is known of one data source. */
  showDetails(name: string): Promise<void> {
    return this.#act(name, 'Show details');
  }

  /** Tests the connection of one data source. */
  testSource(name: string): Promise<void> {
    return this.#act(name, 'Test connection');
  }

  showErrors(name: string): Promise<void> {
    return this.#act(name, 'Show recent errors');
  }

  copyDetails(name: string): Promise<void> {
    return this.#act(name, 'Copy details');
  }

  /** Asks to take a replica out of the rotation. */
  askToTakeOut(name: string): Promise<void> {
    return this.#act(name, 'Take out of rotation…');
  }

  putBack(name: string): Promise<void> {
    return this.#act(name, 'Put back');
  }

  /** The items of a row's menu; the menu stays open. */
  async menuOf(name: string): Promise<Locator> {
    await this.actionsFor(name).click();
    return this.page.getByRole('menuitem');
  }

  /** What the last test of connections found. */
  get testResult(): Locator {
    return this.page.getByRole('region', { name: 'Connection test' });
  }

  /** The question before a replica is taken out. */
  get rotationQuestion(): Locator {
    return this.page.getByRole('alertdialog', { name: /^Take .* out of rotation$/ });
  }

  async confirmTakeOut(button: 'Take out' | 'Take out the last replica' = 'Take out'): Promise<void> {
    await this.rotationQuestion.getByRole('button', { name: button, exact: true }).click();
    await expect(this.rotationQuestion).toHaveCount(0);
  }

  async openHistory(): Promise<void> {
    await this.page.getByRole('tab', { name: 'History' }).click();
  }

  get details(): Locator {
    return this.page.getByRole('dialog');
  }

  get dialog(): Locator {
    return this.page.getByRole('alertdialog', { name: RECYCLE });
  }

  get recycleNow(): Locator {
    return this.dialog.getByRole('button', { name: 'Recycle now' });
  }

  /** Opens the form for going on in spite of red checks. */
  get override(): Locator {
    return this.dialog.getByRole('button', { name: 'Override…' });
  }

  /** Where the name of the new master must be typed. */
  get overrideName(): Locator {
    return this.dialog.getByRole('textbox', { name: 'Type the name of the new master' });
  }

  get recycleAllTheSame(): Locator {
    return this.dialog.getByRole('button', { name: 'Recycle all the same' });
  }

  /** Why the plan in the dialog is not possible. */
  get refusal(): Locator {
    return this.dialog.getByRole('alert');
  }

  async cancelRecycle(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(this.dialog).toHaveCount(0);
  }

  get progress(): Locator {
    return this.page.getByRole('list', { name: 'Recycle progress' });
  }

  get result(): Locator {
    return this.page.getByRole('status', { name: 'Recycle result' });
  }

  /** Brings the focus to the button as the keyboard does. */
  async tabToRecycle(): Promise<void> {
    const button = this.page.getByRole('button', { name: RECYCLE, exact: true });
    await expect(async () => {
      await this.page.keyboard.press('Tab');
      await expect(button).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0], timeout: 15_000 });
  }

  /** Opens the dialog, which shows the dry run. */
  async openRecycle(): Promise<void> {
    await this.page.getByRole('button', { name: RECYCLE, exact: true }).first().click();
    await expect(this.dialog).toBeVisible();
  }

  /** Recycles and waits until the result says how it went. */
  async recycle(): Promise<void> {
    await this.openRecycle();
    await this.recycleNow.click();
    await expect(this.result).not.toBeEmpty({ timeout: 60_000 });
    await expect(this.result).not.toContainText(/unsuccessful|cancelled|again/i);
  }

  /** Opens the way back from the recycle that has just ended. */
  async openSwitchBack(): Promise<Locator> {
    await this.result.getByRole('button', { name: 'Switch back…' }).click();
    const dialog = this.page.getByRole('alertdialog', { name: 'Switch back' });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  /** Cancels the operation that runs. */
  async cancelOperation(): Promise<void> {
    await this.page
      .getByRole('region', { name: /^Recycle by / })
      .getByRole('button', { name: 'Cancel' })
      .click();
  }

  /** What the badge beside the heading says: Normal, Switching or Read-only. */
  mode(word: string): Locator {
    return this.page.getByRole('main').getByText(word, { exact: true });
  }

  /** What the page says under a name such as "Durability". */
  fact(name: string): Locator {
    const term = this.page.getByRole('term').filter({ hasText: name });
    return this.page.locator('dl > div').filter({ has: term }).getByRole('definition');
  }

  /** The events that have all of these words, newest first. */
  events(...words: readonly string[]): Locator {
    const rows = this.page.getByRole('table', { name: 'Events' }).getByRole('row');
    return words.reduce((found, word) => found.filter({ hasText: word }), rows);
  }

  async openEvents(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Events' }).click();
  }

  async openConnections(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Connections' }).click();
  }

  /** The rows of past operations, newest first. */
  get operations(): Locator {
    return this.page
      .getByRole('table', { name: 'Operations' })
      .getByRole('row')
      .filter({ has: this.page.getByRole('link') });
  }

  async testConnections(): Promise<void> {
    await this.page.getByRole('button', { name: 'Test Connections' }).click();
  }
}
