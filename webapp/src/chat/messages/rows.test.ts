import { describe, expect, it } from 'vitest';
import type { Post } from '../../../../contract/index.ts';
import type { OutboxItem } from '../outbox/index.ts';
import { byId } from '../state/index.ts';
import { makePost } from '../state/testing.ts';
import { buildRows, createRowMemory, type Row, type RowsInput } from './rows.ts';

const noon = new Date(2026, 4, 20, 12).getTime();
const minute = 60_000;
const at = (number: number, time: number, fields: Partial<Post> = {}) =>
  makePost(number, { create_at: time, ...fields });

const item = (id: string, createdAt: number): OutboxItem => ({
  phase: 'sending',
  entry: {
    id,
    userId: 'ann',
    channelId: 'town',
    rootId: '',
    message: id,
    createdAt,
    order: createdAt,
    state: 'waiting',
    reason: '',
    edited: false,
    postId: '',
  },
});

function rows(posts: Post[], more: Partial<RowsInput> = {}): Row[] {
  const window = { order: posts.map((post) => post.id), hasOlder: false, hasNewer: false, gap: false };
  return buildRows({
    window,
    posts: byId(posts),
    pending: [],
    myId: 'ann',
    readUpTo: Number.MAX_SAFE_INTEGER,
    ...more,
  });
}
const kinds = (list: Row[]) => list.map((row) => row.kind);
const grouped = (list: Row[]) => list.flatMap((row) => ('grouped' in row ? [row.grouped] : []));

describe('buildRows', () => {
  it('divides days and starts with the beginning', () => {
    const list = rows([at(1, noon - 24 * 60 * minute), at(2, noon)]);
    expect(kinds(list)).toEqual(['beginning', 'day', 'post', 'day', 'post']);
  });

  it('groups what one author says within five minutes', () => {
    const list = rows([
      at(1, noon),
      at(2, noon + minute),
      at(3, noon + 2 * minute, { user_id: 'eve' }),
      at(4, noon + 3 * minute),
      at(5, noon + 9 * minute),
    ]);
    expect(grouped(list)).toEqual([false, true, false, false, false]);
  });

  it('gives a heading to the first message after a note of the server', () => {
    expect(grouped(rows([at(1, noon, { type: 'system_join_team' }), at(2, noon + 1)]))).toEqual([false, false]);
  });

  it('puts one line above the first unread message of others', () => {
    const list = rows([at(1, noon), at(2, noon + 1, { user_id: 'ann' }), at(3, noon + 2), at(4, noon + 3)], {
      readUpTo: noon,
    });
    expect(kinds(list)).toEqual(['beginning', 'day', 'post', 'post', 'new', 'post', 'post']);
    expect(grouped(list)).toEqual([false, false, false, true]);
  });

  it('shows what waits at the end, in the order of writing, and never twice', () => {
    const sent = at(1, noon, { pending_post_id: 'ann:1', user_id: 'ann' });
    const pending = [item('ann:1', noon), item('ann:2', noon + 1)];
    expect(rows([sent], { pending }).map((row) => row.key)).toEqual([
      'beginning',
      expect.stringMatching(/^day/),
      'ann:1',
      'ann:2',
    ]);
  });

  it('keeps the key of a message when it is confirmed', () => {
    const before = rows([], { pending: [item('ann:1', noon)] });
    const after = rows([at(1, noon, { pending_post_id: 'ann:1' })]);
    expect(before.at(-1)?.key).toBe('ann:1');
    expect(after.at(-1)?.key).toBe('ann:1');
  });

  it('marks a gap, and where more is to be had', () => {
    const window = { order: ['p1'], hasOlder: true, hasNewer: true, gap: true };
    expect(kinds(rows([at(1, noon)], { window }))).toEqual(['older', 'day', 'post', 'gap', 'newer']);
  });

  it('gives every row a key of its own', () => {
    const list = rows([at(1, noon), at(2, noon), at(3, noon + 24 * 60 * minute)], { pending: [item('ann:1', noon)] });
    expect(new Set(list.map((row) => row.key)).size).toBe(list.length);
  });

  it('keeps the objects of rows that did not change', () => {
    const [one, two] = [at(1, noon), at(2, noon + 6 * minute)];
    const remember = createRowMemory();
    const before = remember(rows([one, two]));
    const after = remember(rows([one, { ...two, message: 'new' }, at(3, noon + 20 * minute)]));
    expect(after.map((row, place) => row === before[place])).toEqual([true, true, true, false, false]);
    expect(after.at(-2)).toMatchObject({ post: { message: 'new' } });
  });
});
