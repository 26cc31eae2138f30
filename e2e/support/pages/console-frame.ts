import { expect, type Locator, type Page } from '@playwright/test';

export type ConsolePageName = 'Overview' | 'Configuration' | 'Database' | 'Server Logs';

/** The System Console around its pages. */
export class ConsoleFrame {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get navigation(): Locator {
    return this.page.getByRole('navigation', { name: 'System Console' });
  }

  /** System Console > `name`, by the sidebar. */
  async goTo(name: ConsolePageName): Promise<void> {
    if (!this.page.url().includes('/admin_console')) await this.page.goto('/admin_console');
    await this.navigation.getByRole('link', { name }).click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }

  /** Finds a page or a setting by the box in the header, with keys alone. */
  async find(words: string): Promise<void> {
    await this.page.keyboard.press('/');
    const box = this.page.getByRole('combobox', { name: 'Search pages and settings' });
    await expect(box).toBeFocused();
    await box.fill(words);
    await expect(this.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
    await box.press('Enter');
  }

  /** The page scrolls below its header and beside its navigation, never as a whole. */
  async expectOwnScroll(): Promise<void> {
    const overhang = await this.page.evaluate<number[]>(`(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
      [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.documentElement)`);
    expect(overhang, 'pixels to scroll the window by').toEqual([0, 0]);
  }

  /** Says on every page what runs. */
  get operationBar(): Locator {
    return this.page.getByRole('status', { name: 'Running operation' });
  }

  /** Where each configuration stands: on disk, running, live pools. */
  get layers(): Locator {
    return this.page.getByRole('list', { name: 'Configuration layers' });
  }
}
