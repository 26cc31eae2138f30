import { expect, it } from 'vitest';
import { DatabaseError } from '../../database/index.ts';
import type { AnalyticsStore } from '../../stores/analytics/index.ts';
import { AnalyticsService } from './analytics-service.ts';

const fails = (kind: 'timeout' | 'unreachable') => async (): Promise<never> => {
  throw new DatabaseError('', { kind, outcome: 'final' });
};
const storeThat = (each: () => Promise<never>): AnalyticsStore => ({
  totals: each,
  postsByDay: each,
  authorsByDay: each,
  extra: each,
});
const live = () => ({ sockets: 1, masterConnections: 2, readConnections: 3 });

it('a figure that takes too long is -1, and a day is left out; what needs no database is told', async () => {
  const service = new AnalyticsService({ store: storeThat(fails('timeout')), live, now: () => 0 });
  const standard = await service.figures('standard', '');
  expect(standard).toContainEqual({ name: 'post_count', value: -1 });
  expect(standard).toContainEqual({ name: 'total_read_db_connections', value: 3 });
  expect(await service.figures('post_counts_day', '')).toEqual([]);
});

it('that no database answers is no figure', async () => {
  const service = new AnalyticsService({ store: storeThat(fails('unreachable')), live, now: () => 0 });
  await expect(service.figures('standard', '')).rejects.toThrow(DatabaseError);
});

it('days are those of UTC that have ended', async () => {
  const asked: unknown[] = [];
  const postsByDay: AnalyticsStore['postsByDay'] = async (days) => {
    asked.push(days);
    return [{ day: Date.UTC(2026, 1, 28), count: 4 }];
  };
  const store = { ...storeThat(fails('timeout')), postsByDay };
  const service = new AnalyticsService({ store, live, now: () => Date.UTC(2026, 2, 1, 23, 59) });
  expect(await service.figures('post_counts_day', 't')).toEqual([{ name: '2026-02-28', value: 4 }]);
  expect(asked).toEqual([{ from: Date.UTC(2026, 0, 29), to: Date.UTC(2026, 2, 1), teamId: 't' }]);
});
