import type { Locator, Page } from '@playwright/test';

/** System Console > Overview */
export class OverviewPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get topology(): Locator {
    return this.page.getByRole('group', { name: 'Database topology' });
  }

  get warnings(): Locator {
    return this.page.getByRole('list', { name: 'Warnings' });
  }

  /** The card of a data source, whose name tells its role and health. */
  card(name: string, role: 'master' | 'replica', health: string): Locator {
    return this.topology.getByRole('button', { name: new RegExp(`${name}.*, ${role}, ${health}$`) });
  }
}
