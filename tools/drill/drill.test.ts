import { expect, it } from 'vitest';
import type { StoredPost } from './drill-cluster.ts';
import { type Acknowledged, compareLedger } from './ledger.ts';
import { Measures } from './measures.ts';
import { markdown } from './report.ts';
import { brokenPromises, type DrillResult } from './run-drill.ts';

const told = (userId: string, number: number): Acknowledged => ({
  postId: `${userId}${number}`,
  pendingPostId: `pending-${userId}${number}`,
  userId,
  channelId: 'deck',
  number,
});
const stored = (userId: string, number: number, id = `${userId}${number}`): StoredPost => ({
  id,
  userId,
  channelId: 'deck',
  pendingPostId: `pending-${userId}${number}`,
  message: '',
});
const acknowledged = [told('a', 1), told('b', 1), told('a', 2)];

it.each([
  ['everything kept, whoever came first', [stored('b', 1), stored('a', 1), stored('a', 2)], [0, 0, 0]],
  [
    'a message that was never acknowledged',
    [stored('a', 1), stored('b', 1), stored('a', 2), stored('a', 3)],
    [0, 0, 0],
  ],
  ['a lost one', [stored('a', 1), stored('a', 2)], [1, 0, 0]],
  ['one under another id', [stored('a', 1), stored('b', 1, 'x'), stored('a', 2)], [1, 0, 0]],
  ['a doubled one', [stored('a', 1), stored('b', 1), stored('b', 1, 'x'), stored('a', 2)], [0, 1, 0]],
  ['two of one author in the wrong order', [stored('a', 2), stored('b', 1), stored('a', 1)], [0, 0, 1]],
])('the ledger sees %s', (_, posts, [lost, doubled, disordered]) => {
  expect(compareLedger(acknowledged, posts)).toEqual({ lost, doubled, disordered });
});

const calm: DrillResult = {
  name: 'replica-kill',
  title: 'A replica is killed.',
  notice: 'nothing',
  problems: [],
  phases: [],
  ledger: { acknowledged: 3, lost: 0, doubled: 0, disordered: 0 },
  staleReads: 0,
  sights: { doubledEvents: 0, disorderedEvents: 0, missedEvents: 0 },
  longestPauseMs: 12,
  failedReads: 0,
  failedWrites: 0,
  failures: [],
  findings: ['Writes were held for 9 ms.'],
};

it.each([
  ['nothing wrong', {}, []],
  ['a load that never was', { ledger: { ...calm.ledger, acknowledged: 0 } }, ['Nothing was acknowledged at all.']],
  ['loss', { ledger: { ...calm.ledger, lost: 2 } }, ['2 acknowledged messages are lost.']],
  ['a failed read where nobody may notice', { failedReads: 1 }, ['1 reads failed.']],
  ['a refused write where nobody may notice', { failedWrites: 1 }, ['1 writes failed.']],
  ['a refused write where writes may wait', { failedWrites: 1, notice: 'refused writes' as const }, []],
  ['a failed read where writes may wait', { failedReads: 1, notice: 'refused writes' as const }, ['1 reads failed.']],
  ['an old answer', { staleReads: 1 }, ['1 reads did not show what their user knew of.']],
  ['an old answer without a master', { staleReads: 1, notice: 'refused writes' as const }, []],
  ['an event that never came', { sights: { ...calm.sights, missedEvents: 4 } }, ['4 events never came.']],
])('a drill with %s', (_, changes, problems) => {
  expect(brokenPromises({ ...calm, ...changes })).toEqual(problems);
});

it('measures are kept by phase, and failures are told once with their number', () => {
  const measures = new Measures();
  measures.begin('before');
  measures.answered('read', 5);
  measures.begin('fault');
  for (const ms of [1, 3, 2]) measures.answered('read', ms);
  for (let twice = 0; twice < 2; twice++) measures.failed('write', new Error('503'));
  expect(measures.of('fault', 'read')).toEqual({ count: 3, p50: 2, p99: 3, longest: 3 });
  expect(measures.of('before', 'read').count).toBe(1);
  expect([measures.failures('write'), measures.failures('read')]).toEqual([2, 0]);
  expect(measures.failureTexts()).toEqual(['2 x write: 503']);
});

it('the report tells what failed and what was skipped', () => {
  const failed = { ...calm, problems: ['1 reads failed.'] };
  const text = markdown({
    engine: 'PostgreSQL 18',
    full: false,
    circumstances: ['It took 3 s.'],
    results: [failed],
    skipped: [{ name: 'disk', why: 'No root.' }],
  });
  expect(text).toContain('# Drills on PostgreSQL 18, short form');
  expect(text).toContain('0 passed, 1 failed, 1 skipped');
  expect(text).toMatch(/\nIt took 3 s\.\n[^]*\nWrites were held for 9 ms\.\n/);
  expect(text).toContain('| replica-kill | 3 | 0 | 0 | 0 | 0 | 0 | 0 | 12 | - / - |');
  expect(text).toContain('- **1 reads failed.**');
  expect(text).toContain('Skipped: disk. No root.');
});
