import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '../../observability/index.ts';
import { type AdministrationDeps, createAdministration } from './create-administration.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const nothing = async (): Promise<never[]> => [];

function administration(removeBefore: (createAt: number) => Promise<number>) {
  const events: string[] = [];
  const { logger } = createLogger({ level: 'info', format: 'json' }, (line) =>
    events.push((JSON.parse(line) as { event: string }).event),
  );
  const parts: Pick<AdministrationDeps, 'audits' | 'jobs' | 'sessions' | 'chat' | 'log' | 'detached'> = {
    audits: { insert: async () => undefined, list: nothing, removeBefore: (_, createAt) => removeBefore(createAt) },
    jobs: {
      ...{ insert: async () => undefined, find: async () => undefined },
      ...{ list: nothing, change: async () => false, open: nothing },
    },
    sessions: { doubtAll: () => undefined, tidy: async () => undefined },
    chat: { forget: () => undefined, attachments: { tidy: async () => undefined } },
    log: { logger, recentLogs: () => [] },
    detached: () => ({ token: undefined, raise: () => undefined }),
  };
  return { ...createAdministration(parts as AdministrationDeps), events };
}

it('forgets audits of more than a year without being asked, also after a database was away', async () => {
  const asked: number[] = [];
  const { start, stop, events } = administration(async (createAt) => {
    asked.push(Date.now() - createAt);
    if (asked.length === 1) throw new Error('no master');
    return 0;
  });
  start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(events).toEqual(['audits.tidy_failed']);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked).toEqual([365 * 86_400_000, 365 * 86_400_000]);
  expect(events).toHaveLength(1);
});
