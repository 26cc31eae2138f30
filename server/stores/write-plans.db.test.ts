import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Statement, statement } from '../database/index.ts';
import { hasEngine, type OpenTestDatabase, openTestDatabase } from '../database/testing/index.ts';
import { newId } from '../services/index.ts';
import { REMOVE } from './audits/audit-store.ts';
import { createAuditStore } from './audits/index.ts';
import { createFileStore } from './files/index.ts';
import { TAKE_FILES } from './posts/patch-files.ts';
import { testCausality } from './testing/chat-fixture.ts';

const causality = testCausality();
const ids = Array.from({ length: 200 }, newId);
const list = JSON.stringify(ids.slice(0, 2).map((id) => ({ id })));

// PostgreSQL chooses by how much there is in the table; MariaDB looks nothing up for an `IN` in a change, however much that is.
describe.skipIf(!hasEngine('mysql'))('changes of listed rows on MariaDB', () => {
  let opened: OpenTestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase({ engine: 'mysql' });
    const files = createFileStore(opened.database);
    const file = { creatorId: newId(), createAt: 1, name: 'a.txt', extension: 'txt' };
    await Promise.all(ids.map((id) => files.begin(causality, { id, ...file })));
    const rest = { create_at: 1, user_id: '', action: '', extra_info: '', ip_address: '', session_id: '' };
    const audits = ids.map((id) => ({ id, ...rest }));
    await createAuditStore(opened.database).insert(causality, audits);
    for (const table of ['fileinfo', 'audits'])
      await opened.database.readLatest(statement(`testing.analyze_${table}`, `ANALYZE TABLE ${table}`));
  });
  afterAll(() => opened?.stop());

  it.each<[table: string, change: Statement, ...values: (string | number)[]]>([
    ['fileinfo', TAKE_FILES, list, newId(), 2],
    ['audits', REMOVE, list],
  ])('look them up: %s', async (table, { name, build }, ...values) => {
    const explain = statement(`testing.explain.${name}`, (sql) => `EXPLAIN ${String(build(sql))}`);
    const plan = await opened.database.transaction(causality, (tx) => tx.query(explain, ...values));
    const found = plan.find((step) => step['table'] === table || step['table'] === table.charAt(0));
    expect(found).toMatchObject({ type: 'eq_ref', key: 'PRIMARY' });
  });
});
