import { describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../observability/index.ts';
import type { Audit, AuditStore } from '../../stores/audits/index.ts';
import { AuditTrail } from './audit-trail.ts';

const entry = { userId: 'u'.repeat(26), action: '/api/v4/x', extra: 'success', address: '::1', sessionId: '' };

function trail(insert: (batch: readonly Audit[]) => Promise<void>, gatherMs = 60_000) {
  const lines: { event: string; count?: number }[] = [];
  const store: AuditStore = {
    insert: (_, batch) => insert(batch),
    list: async () => [],
    removeBefore: async () => 0,
  };
  const audits = new AuditTrail({
    store,
    detached: () => ({ token: undefined, raise: () => undefined }),
    logger: createLogger({ level: 'info', format: 'json' }, (line) => lines.push(JSON.parse(line) as never)).logger,
    now: () => 7,
    gatherMs,
  });
  return { audits, lines };
}

describe('the audits', () => {
  it('are written in batches, cut and without what a database does not take', async () => {
    const batches: (readonly Audit[])[] = [];
    const { audits } = trail(async (batch) => void batches.push(batch));
    for (let i = 0; i < 501; i++) audits.record({ ...entry, extra: `a\0b\ud800${'x'.repeat(2_000)}` });
    await audits.flush();
    expect(batches.map(({ length }) => length)).toEqual([500, 1]);
    expect(batches[0]?.[0]).toMatchObject({ create_at: 7, user_id: entry.userId, action: '/api/v4/x' });
    expect(batches[0]?.[0]?.extra_info).toMatch(/^ab\ufffdx+$/);
    expect(batches[0]?.[0]?.extra_info).toHaveLength(1_024);
  });

  it('gather for a moment and are then written by themselves', async () => {
    const batches: (readonly Audit[])[] = [];
    const { audits } = trail(async (batch) => void batches.push(batch), 1);
    audits.record(entry);
    audits.record(entry);
    expect(batches).toEqual([]);
    await vi.waitUntil(() => batches.length === 1);
    expect(batches[0]).toHaveLength(2);
  });

  it('are dropped while no master takes them, which the log tells, and go on afterwards', async () => {
    let takes = false;
    const kept: Audit[] = [];
    const { audits, lines } = trail(async (batch) => {
      if (!takes) throw new Error('no master');
      kept.push(...batch);
    });
    for (let i = 0; i < 700; i++) audits.record(entry);
    await audits.flush();
    expect(lines).toMatchObject([{ event: 'audits.dropped', count: 700 }]);
    takes = true;
    audits.record(entry);
    await audits.flush();
    expect([kept.length, lines.length]).toEqual([1, 1]);
  });

  it('never fill the memory: what comes beyond a bound is dropped and counted', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const kept: Audit[] = [];
    const { audits, lines } = trail(async (batch) => {
      await held;
      kept.push(...batch);
    });
    for (let i = 0; i < 10_005; i++) audits.record(entry);
    const flushed = audits.flush();
    release();
    await flushed;
    expect(kept).toHaveLength(10_000);
    expect(lines).toMatchObject([{ event: 'audits.dropped', count: 5 }]);
  });
});
