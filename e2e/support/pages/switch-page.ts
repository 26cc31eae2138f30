import { expect, type Locator, type Page } from '@playwright/test';

/** System Console > Database > Plan Master Switch… */
export class SwitchPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get wizard(): Locator {
    return this.page.getByRole('region', { name: 'Plan master switch' });
  }

  /** The step that the wizard is at. */
  async expectStep(name: string): Promise<void> {
    const steps = this.wizard.getByRole('list', { name: 'Steps of the master switch' }).getByRole('listitem');
    await expect(steps.and(this.page.locator('[aria-current=step]'))).toContainText(name);
  }

  /** Opens the wizard by the button of the Database page. */
  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Plan Master Switch…' }).click();
    await this.expectStep('Choose');
  }

  /** The card of a data source. @param name as the cards show it, or a part of it */
  candidate(name: string): Locator {
    return this.wizard.getByRole('group', { name: 'New master' }).getByRole('radio', { name });
  }

  path(name: 'Planned' | 'Emergency'): Locator {
    return this.wizard.getByRole('radio', { name });
  }

  /** The checks of the dry run, with their outcomes. */
  get checks(): Locator {
    return this.wizard.getByRole('list', { name: 'Checks' });
  }

  get confirmation(): Locator {
    return this.wizard.getByRole('textbox', { name: /^Type .* to confirm$/ });
  }

  get switchNow(): Locator {
    return this.wizard.getByRole('button', { name: /^Switch now/ });
  }

  get progress(): Locator {
    return this.wizard.getByRole('list', { name: 'Switch progress' });
  }

  get result(): Locator {
    return this.wizard.getByRole('status', { name: 'Switch result' });
  }

  /** Whether the one who was asked has promoted it. */
  get promotion(): Locator {
    return this.wizard.getByRole('status', { name: 'Promotion' });
  }

  get followUps(): Locator {
    return this.wizard.getByRole('list', { name: 'What is left to do' });
  }

  async goOn(): Promise<void> {
    await this.wizard.getByRole('button', { name: 'Continue' }).click();
  }
}
