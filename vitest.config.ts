import { defineConfig } from 'vitest/config';

// `unit` needs nothing but Node; `database` starts real clusters and so runs few files at a time; `mariadb` runs those of its
// tests that know nothing of engines on MariaDB as well.
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
          setupFiles: ['tools/test/described-answers.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'mariadb',
          // What people do, from the route to the row.
          include: ['server/{api,services}/**/*.db.test.ts'],
          globalSetup: ['tools/test/mariadb-setup.ts'],
          setupFiles: ['tools/test/described-answers.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
