import { expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { type Audit, createAuditStore } from './index.ts';

const auditOf = (more: Partial<Audit>): Audit => ({
  id: newId(),
  create_at: 1_000,
  user_id: 'u'.repeat(26),
  action: '/api/v4/users/login',
  extra_info: `'; DROP TABLE audits; -- %_\\ 🦆`,
  ip_address: '2001:db8::1',
  session_id: '',
  ...more,
});

/** What every engine's audit store does. The table is empty but for what the suite makes. */
export function auditStoreContract(open: () => Database): void {
  it('keeps many at once, once, and lists them newest first', async () => {
    const store = createAuditStore(open());
    const causality = testCausality();
    const [old, tieA, tieB] = [{ create_at: 1 }, { id: 'a'.repeat(26) }, { id: 'b'.repeat(26) }].map(auditOf) as [
      Audit,
      Audit,
      Audit,
    ];
    const other = auditOf({ user_id: 'o'.repeat(26), create_at: 2_000 });
    await store.insert(causality, [tieA, old, other, tieB]);
    await store.insert(causality, [tieA, other]);
    const page = { limit: 10, offset: 0 };
    expect(await store.list(causality, page)).toEqual([other, tieB, tieA, old]);
    expect(await store.list(causality, { limit: 2, offset: 1 })).toEqual([tieB, tieA]);
    expect(await store.list(causality, page, 'u'.repeat(26))).toEqual([tieB, tieA, old]);
    expect(await store.list(causality, page, 'n'.repeat(26))).toEqual([]);
    expect(await store.removeBefore(causality, 1_000, 10)).toBe(1);
    expect(await store.removeBefore(causality, 5_000, 1)).toBe(1);
    expect((await store.list(causality, page)).length).toBe(2);
  });
}
