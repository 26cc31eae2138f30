import { expect, type Page } from '@playwright/test';

type Kind = 'error' | 'banner';

// Runs in the page, from its first moment on: what is shown for an instant only counts too.
const watchScript = `(() => {
  const told = new Set();
  const tell = (kind, text) => {
    if (text === '' || told.has(kind + text)) return;
    told.add(kind + text);
    window.tellWitness(kind, text);
  };
  const textOf = (element) => (element.textContent ?? '').trim();
  const look = () => {
    for (const alert of document.querySelectorAll('[role=alert]')) tell('error', textOf(alert));
    for (const post of document.querySelectorAll('article[aria-label*="Not sent"]')) tell('error', post.ariaLabel);
    for (const banner of document.querySelectorAll('[role=status][aria-label=Connection]')) tell('banner', textOf(banner));
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['role', 'aria-label'],
  });
})();`;

/** Sees what a user sees during a whole story: every error, every word of the connection banner, every sign-out. */
export class Witness {
  readonly #page: Page;
  readonly #seen: Record<Kind, string[]> = { error: [], banner: [] };
  #signedOut = false;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Call it before the page is opened that is to be watched. */
  static async watch(page: Page): Promise<Witness> {
    const witness = new Witness(page);
    await page.exposeFunction('tellWitness', (kind: Kind, text: string) => witness.#seen[kind].push(text));
    await page.addInitScript(watchScript);
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && new URL(frame.url()).pathname === '/login') witness.#signedOut = true;
    });
    return witness;
  }

  /** Everything that the connection banner has said. */
  get banners(): readonly string[] {
    return this.#seen.banner;
  }

  /** No error was shown, and the user is signed in as ever. The banner may have spoken. */
  async expectCalm(): Promise<void> {
    expect(this.#seen.error, 'errors that the user saw').toEqual([]);
    expect(this.#signedOut, 'the user was asked to sign in again').toBe(false);
    const status = await this.#page.evaluate<number>(`fetch('/api/v4/users/me').then(({ status }) => status)`);
    expect(status, 'the session counts').toBe(200);
  }
}
