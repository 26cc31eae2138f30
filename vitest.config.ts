import { defineConfig } from 'vitest/config';

// `unit` needs nothing but Node; `database` starts real embedded PostgreSQL clusters and so runs few files at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,server,tools,bench}/**/*.test.ts', 'webapp/src/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**', 'dist/**'],
          // A guard against a test that hangs, wide enough for a machine that does ten other things.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'database',
          include: ['{server,tools,bench}/**/*.db.test.ts'],
          globalSetup: ['tools/test/database-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
