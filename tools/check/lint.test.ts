import { describe, it } from 'vitest';
import { expectGreen, expectRed } from './expect-verdict.ts';
import { lintChecker } from './lint.ts';

const configs = ['.oxlintrc.json', 'tsconfig.json'];

describe('lint', { timeout: 60_000 }, () => {
  it('finds a promise of knex that nobody waits for', async () => {
    const text =
      "import knex from 'knex';\nconst db = knex({ client: 'pg' });\nexport function stop(): void {\n  db.destroy();\n}\n";
    await expectRed(lintChecker, { configs, files: { 'server/database/pool/stop.ts': text } }, [
      /stop\.ts:4:3 .*no-floating-promises/,
    ]);
  });

  it('holds the house rules where they apply', async () => {
    const files = {
      'server/database/routing/choose.ts': 'export const now = (): number => Date.now();\nsetTimeout(() => 1, 1);\n',
      'server/database/index.ts': 'export const database = 1;\n',
      'server/services/posts/posts.ts':
        "import { database } from '../../database/index.ts';\nexport const rule = database;\n",
      'server/api/posts.ts':
        "console.log(process.env['HOME']);\nexport const same = (a: unknown): boolean => a == 1;\n",
      'server/api/loose.ts': 'export const loose = (a: any): void => void a;\nexport default loose;\n',
      'server/api/posts.test.ts': "import { it } from 'vitest';\nit('proves nothing', () => {});\n",
    };
    await expectRed(lintChecker, { configs, files }, [
      /choose\.ts.*no-restricted-properties/,
      /choose\.ts.*no-restricted-globals/,
      /services\/posts\/posts\.ts.*no-restricted-imports/,
      /api\/posts\.ts.*no-console/,
      /api\/posts\.ts.*no-process-env/,
      /api\/posts\.ts.*eqeqeq/,
      /loose\.ts.*no-explicit-any/,
      /loose\.ts.*no-default-export/,
      /posts\.test\.ts.*expect-expect/,
    ]);
  });

  it('is green for code that keeps them', async () => {
    const files = {
      'server/database/index.ts':
        'export interface Token {\n  readonly position: string;\n}\nexport class DatabaseError extends Error {}\n',
      'server/services/posts/is-busy.ts':
        "import { DatabaseError } from '../../database/index.ts';\n\nexport const isBusy = (e: unknown): boolean => e instanceof DatabaseError;\n",
      'server/services/posts/posts.ts':
        "import type { Token } from '../../database/index.ts';\nexport const positionOf = ({ position }: Token): string => position;\n",
      'tools/check/print.ts': "console.log(process.env['HOME']);\nexport const printed = true;\n",
    };
    await expectGreen(lintChecker, { configs, files });
  });
});
