import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { expectGreen, expectRed } from './expect-verdict.ts';
import { importRulesChecker } from './import-rules.ts';
import { openSampleTree } from './sample-tree.ts';

interface Rule {
  readonly name: string;
  readonly comment?: string;
}

const configs = ['.dependency-cruiser.cjs'];

/** One forbidden import each: rule, importing file, its line, and the files that the line leads to. */
const FORBIDDEN: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['no-cycles', 'server/stores/a.ts', "import type { B } from './b.ts'; export type A = B;", []],
  ['resolvable', 'server/stores/posts/a.ts', "import './missing.ts';", []],
  ['contract-stands-alone', 'contract/a.ts', "import 'express';", []],
  [
    'database-stands-alone',
    'server/database/query/a.ts',
    "import type { B } from '../../../contract/b.ts';",
    ['contract/b.ts'],
  ],
  ['database-pure-folders', 'server/database/routing/a.ts', "import { connect } from 'node:net';", []],
  ['database-users', 'server/api/posts/a.ts', "import '../../database/index.ts';", ['server/database/index.ts']],
  ['stores-users', 'server/api/posts/a.ts', "import '../../stores/posts/index.ts';", ['server/stores/posts/index.ts']],
  [
    'stores-are-sql-only',
    'server/stores/posts/a.ts',
    "import '../../services/index.ts';",
    ['server/services/index.ts'],
  ],
  ['services-know-no-wire', 'server/services/posts/a.ts', "import '../../api/b.ts';", ['server/api/b.ts']],
  ['nobody-imports-main', 'server/api/a.ts', "import '../main.ts';", ['server/main.ts']],
  ['config-users', 'server/services/posts/a.ts', "import '../../config/index.ts';", ['server/config/index.ts']],
  [
    'server-public-faces',
    'server/stores/posts/a.ts',
    "import '../../database/query/b.ts';",
    ['server/database/query/b.ts'],
  ],
  ['server-public-faces', 'server/main.ts', "import './realtime/hub.ts';", ['server/realtime/hub.ts']],
  ['server-resource-faces', 'server/services/posts/a.ts', "import '../users/b.ts';", ['server/services/users/b.ts']],
  ['testing-for-tests', 'server/console/a.ts', "import '../database/testing/b.ts';", ['server/database/testing/b.ts']],
  ['express-in-api', 'server/console/a.ts', "import 'express';", []],
  ['sockets-in-realtime', 'server/services/posts/a.ts', "import 'socket.io';", []],
  ['sockets-in-realtime', 'server/api/a.ts', "import 'ws';", []],
  ['drivers-in-database', 'server/stores/posts/a.ts', "import type { Knex } from 'knex'; export type K = Knex;", []],
  ['drivers-in-database', 'server/console/a.ts', "import 'pg';", []],
  ['webapp-shares-the-contract-only', 'webapp/src/app/a.tsx', "import '../../../server/b.ts';", ['server/b.ts']],
  ['server-without-webapp', 'server/api/a.ts', "import '../../webapp/src/b.ts';", ['webapp/src/b.ts']],
  [
    'chat-and-console-apart',
    'webapp/src/chat/a.tsx',
    "import '../system-console/b.tsx';",
    ['webapp/src/system-console/b.tsx'],
  ],
  ['ui-is-dumb', 'webapp/src/ui/a.tsx', "import '../client/b.ts';", ['webapp/src/client/b.ts']],
  ['client-knows-no-page', 'webapp/src/client/a.ts', "import '../chat/b.tsx';", ['webapp/src/chat/b.tsx']],
  ['pages-know-no-app', 'webapp/src/chat/a.tsx', "import '../app/b.tsx';", ['webapp/src/app/b.tsx']],
  ['e2e-is-outside', 'e2e/a.ts', "import '../server/b.ts';", ['server/b.ts']],
  ['cluster-stands-alone', 'tools/cluster/a.ts', "import '../../server/b.ts';", ['server/b.ts']],
];

const CYCLE_PARTNER = { 'server/stores/b.ts': "import type { A } from './a.ts'; export type B = A;" };

/** All faults in one tree: every rule is named by the importing file that breaks it. */
async function faultsOfAll(): Promise<readonly string[]> {
  const files: Record<string, string> = { ...CYCLE_PARTNER };
  FORBIDDEN.forEach(([, importer, text, targets], index) => {
    const own = importer.replace(/\ba\.(tsx?)$/, `a${index}.$1`);
    files[index === 0 ? importer : own] = `${files[own] ?? ''}${text}\n`;
    for (const target of targets) files[target] ??= 'export const there = 1;\n';
  });
  await using tree = await openSampleTree(files, configs);
  return (await importRulesChecker.run(tree.root)).findings;
}

describe('import rules', { timeout: 60_000 }, () => {
  it('turns red for every forbidden import, type-only ones and .tsx files included', async () => {
    const findings = await faultsOfAll();
    const broken = FORBIDDEN.map(([rule, importer], index) => {
      const own = index === 0 ? importer : importer.replace(/\ba\.(tsx?)$/, `a${index}.$1`);
      return findings.some((finding) => finding.startsWith(`${own} -> `) && finding.includes(`[${rule}]`))
        ? undefined
        : `${rule}: ${own}`;
    });
    expect(broken.filter((missed) => missed !== undefined)).toEqual([]);
  });

  it('has a canary above for every rule, and a word for each on what to do instead', async () => {
    const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: Rule[] };
    expect(new Set(FORBIDDEN.map(([rule]) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
    expect(forbidden.filter(({ comment = '' }) => comment.length < 20)).toEqual([]);
  });

  it('stays green for the way a request takes', async () => {
    await expectGreen(importRulesChecker, {
      configs,
      files: {
        'contract/index.ts': "import { z } from 'zod'; export const id = z.string();",
        'server/database/query/query.ts': "import knex from 'knex'; export const query = knex;",
        'server/database/index.ts': "export { query } from './query/query.ts';",
        'server/stores/posts/index.ts': "import { query } from '../../database/index.ts'; export const page = query;",
        'server/services/posts/index.ts':
          "import { page } from '../../stores/posts/index.ts'; export const read = page;",
        'server/api/posts/index.ts':
          "import 'express'; import '../../../contract/index.ts'; export { read } from '../../services/posts/index.ts';",
        'server/main.ts': "import './database/index.ts'; import './api/posts/index.ts';",
        'webapp/src/ui/badge.tsx': 'await using b = open();\nexport const Badge = () => <b>{b}</b>;',
        'webapp/src/chat/post.tsx': "import { Badge } from '../ui/badge.tsx'; export const Post = () => <Badge />;",
      },
    });
  });

  it('turns red when it saw no module at all', async () => {
    await expectRed(importRulesChecker, { configs, files: { 'server/readme.txt': '' } }, [/saw no modules/]);
  });
});
