import { expect, it } from 'vitest';
import type { Database } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { testCausality } from '../testing/chat-fixture.ts';
import { createJobStore, type StoredJob } from './index.ts';

const jobOf = (more: Partial<StoredJob>): StoredJob => ({
  id: newId(),
  type: 'integrity',
  priority: 0,
  create_at: 1_000,
  start_at: 0,
  last_activity_at: 1_000,
  status: 'pending',
  progress: 0,
  data: {},
  ...more,
});

/** What every engine's job store does. The table is empty but for what the suite makes. */
export function jobStoreContract(open: () => Database): void {
  it('keeps jobs and lists them newest first', async () => {
    const store = createJobStore(open());
    const causality = testCausality();
    const [first, second] = [jobOf({ data: { a: 'ä' } }), jobOf({ create_at: 2_000, type: 'tidy' })];
    for (const job of [first, second, first]) await store.insert(causality, job);
    expect(await store.list(causality, { limit: 10, offset: 0 })).toEqual([second, first]);
    expect(await store.list(causality, { limit: 10, offset: 1 })).toEqual([first]);
    expect(await store.list(causality, { limit: 10, offset: 0 }, 'tidy')).toEqual([second]);
    expect(await store.find(causality, first.id)).toEqual(first);
    expect(await store.find(causality, newId())).toBeUndefined();
  });

  it('lets one of several begin a job, and tells which are open', async () => {
    const store = createJobStore(open());
    const causality = testCausality();
    const job = jobOf({ create_at: 3_000 });
    await store.insert(causality, job);
    const begin = { status: 'in_progress', at: 5_000, progress: 0, data: {} } as const;
    const begun = await Promise.all([1, 2, 3].map(() => store.change(causality, job.id, ['pending'], begin)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await store.find(causality, job.id)).toMatchObject({ status: 'in_progress', start_at: 5_000 });
    const open1 = async (before: number) => (await store.open(before)).map(({ id }) => id);
    expect(await open1(5_000)).not.toContain(job.id);
    expect(await open1(5_001)).toContain(job.id);
    const end = { status: 'success', at: 6_000, progress: 100, data: { found: '0' } } as const;
    expect(await store.change(causality, job.id, ['in_progress'], end)).toBe(true);
    expect(await store.change(causality, job.id, ['in_progress'], end)).toBe(false);
    expect(await store.find(causality, job.id)).toMatchObject({
      ...job,
      start_at: 5_000,
      status: 'success',
      progress: 100,
      last_activity_at: 6_000,
      data: { found: '0' },
    });
    expect(await open1(9_000)).not.toContain(job.id);
    expect(await store.change(causality, newId(), ['pending'], end)).toBe(false);
  });
}
