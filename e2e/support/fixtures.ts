import { test as base, type Browser, type BrowserContextOptions, expect, type Page } from '@playwright/test';
import type { Account } from '../../tools/holdfast/index.ts';
import { Guard } from './guard.ts';
import { LoginPage } from './pages/login-page.ts';

/** A browser of one visitor: its own cookies, its own storage. */
export type OpenVisitor = (url: string, account?: Account, options?: BrowserContextOptions) => Promise<Page>;

interface Fixtures {
  /** Fails the test on requests to other hosts, console and page errors, and answers of the API that are not described. */
  readonly guard: Guard;
  /** Opens a page for a visitor, signed in when an account is given. Closed at the end of the test. */
  readonly openVisitor: OpenVisitor;
}

/** Use this `test` and `expect` in every spec. */
export const test = base.extend<Fixtures>({
  guard: [
    async ({ context }, use) => {
      const guard = new Guard();
      guard.watch(context);
      await use(guard);
      const faults = 'outside requests, console errors, page errors and undescribed answers';
      expect(await guard.faults(), faults).toEqual([]);
    },
    { auto: true },
  ],
  openVisitor: async ({ browser, guard }, use) => {
    const visitors: Page[] = [];
    await use(async (url, account, options) => {
      const page = await openPage(browser, guard, { ...options, baseURL: url });
      visitors.push(page);
      if (account !== undefined) await new LoginPage(page).signIn(account);
      return page;
    });
    for (const page of visitors) await page.context().close();
  },
});

async function openPage(browser: Browser, guard: Guard, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  guard.watch(context);
  return context.newPage();
}

export { expect };
