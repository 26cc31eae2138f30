import { expect, it, vi } from 'vitest';
import { silentLogger } from '../../observability/index.ts';
import type { JobStore, StoredJob } from '../../stores/jobs/index.ts';
import type { Caller } from '../base/caller.ts';
import { defaultGrants } from '../permissions/index.ts';
import { JobService, type Worker } from './job-service.ts';

const causality = { token: undefined, raise: () => undefined };
const caller: Caller = {
  ...{ userId: 'u'.repeat(26), sessionId: '', roles: ['system_admin'], causality },
  ...{ requestId: '', address: '', connectionId: '', grants: defaultGrants },
};

/** Jobs in memory, for what a database has no part in: what a worker hears, and when. */
function serviceWith(work: Worker) {
  const kept = new Map<string, StoredJob>();
  const store: JobStore = {
    insert: async (_, job) => void kept.set(job.id, job),
    find: async (_, id) => kept.get(id),
    list: async () => [...kept.values()],
    async change(_, id, from, { at, ...change }) {
      const job = kept.get(id);
      if (job === undefined || !from.includes(job.status)) return false;
      kept.set(id, { ...job, ...change, last_activity_at: at });
      return true;
    },
    async open() {
      looks += 1;
      return [...kept.values()].filter(({ status }) => status === 'pending');
    },
  };
  let looks = 0;
  const service = new JobService({
    store,
    workers: { test: work },
    detached: () => causality,
    logger: silentLogger,
    now: () => 5,
  });
  const jobOf = (id: string) => kept.get(id);
  return { service, jobOf, looks: () => looks };
}

it('a job that fails says why', async () => {
  const { service, jobOf } = serviceWith(async () => {
    throw new Error('no room');
  });
  const { id } = await service.create(caller, 'test', {});
  await service.work();
  expect(jobOf(id)).toMatchObject({ status: 'error', data: { error: 'no room' } });
});

it('a job that is cancelled ends at its next step', async () => {
  const goOn: boolean[] = [];
  const { service, jobOf } = serviceWith(async (progress) => {
    goOn.push(await progress(10));
    const [job] = await service.list(caller, { limit: 1, offset: 0 });
    await service.cancel(caller, job?.id ?? '');
    goOn.push(await progress(20));
    return { never: 'kept' };
  });
  const { id } = await service.create(caller, 'test', {});
  await service.work();
  expect(goOn).toEqual([true, false]);
  expect(jobOf(id)).toMatchObject({ status: 'canceled', data: {} });
});

it('a server that stops gives its job back', async () => {
  const { service, jobOf } = serviceWith(async (progress) => {
    void service.stop();
    return { goesOn: String(await progress(10)) };
  });
  const { id } = await service.create(caller, 'test', {});
  await service.work();
  expect(jobOf(id)).toMatchObject({ status: 'pending', data: {} });
  await service.work();
  expect(jobOf(id)?.status).toBe('pending');
});

it('a job that waits is cancelled at once', async () => {
  const { service, jobOf } = serviceWith(async () => ({}));
  await service.stop();
  const { id } = await service.create(caller, 'test', {});
  await service.cancel(caller, id);
  expect(jobOf(id)?.status).toBe('canceled');
});

it('however often it is asked for work meanwhile, it looks once after a job', async () => {
  let end = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { service, jobOf, looks } = serviceWith(async () => {
    await held;
    return {};
  });
  const first = await service.create(caller, 'test', {});
  await vi.waitUntil(() => jobOf(first.id)?.status === 'in_progress');
  const asked = Array.from({ length: 100 }, () => service.work());
  const second = await service.create(caller, 'test', {});
  end();
  await Promise.all(asked);
  expect(looks()).toBe(2);
  expect([first, second].map(({ id }) => jobOf(id)?.status)).toEqual(['success', 'success']);
});
