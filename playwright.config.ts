import { defineConfig } from '@playwright/test';
import { findChromium } from './tools/test/chromium.ts';

const executablePath = findChromium();

/** Browser stories through the real server. One worker: each story brings a database cluster of its own, and two cores carry one. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  // A story that passes only sometimes is a fault of the story or of the product.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      // Without Debian's browser Playwright looks for one that it installed itself.
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--disable-quic',
        // A name that browsers trust no more than any other, unlike localhost.
        '--host-resolver-rules=MAP holdfast.test 127.0.0.1',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
