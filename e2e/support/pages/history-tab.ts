import { expect, type Locator, type Page } from '@playwright/test';

/** System Console > Database > History */
export class HistoryTab {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  /** One plot with what it says in words. */
  plot(title: string): Locator {
    return this.#page.getByRole('figure', { name: title });
  }

  /** The words below a plot, one line per data source. */
  lines(title: string): Locator {
    return this.plot(title).getByRole('listitem');
  }

  async showTable(title: string): Promise<Locator> {
    await this.plot(title).getByRole('button', { name: 'Show as table' }).click();
    const table = this.plot(title).getByRole('table', { name: title });
    await expect(table).toBeVisible();
    return table;
  }

  /** Moves the pointer to the middle of a plot. */
  async point(title: string): Promise<void> {
    // The picture has no words and no role: it stands between the heading and the lines.
    const box = await this.plot(title).boundingBox();
    if (box === null) throw new Error(`There is no plot ${title}.`);
    await this.#page.mouse.move(box.x + box.width / 2, box.y + 100);
  }

  async choose(range: '15 min' | '1 h' | '24 h'): Promise<void> {
    await this.#page.getByRole('radiogroup', { name: 'Time' }).getByText(range, { exact: true }).click();
  }

  /** The events that the upright lines in the plots stand for. */
  get marks(): Locator {
    return this.#page.getByRole('list', { name: /^Events in this time/ }).getByRole('listitem');
  }
}
