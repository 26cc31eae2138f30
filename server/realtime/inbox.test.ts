import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';
import { settled } from './testing/index.ts';

describe('Inbox', () => {
  it('does one after the other, in the order of arrival', async () => {
    const inbox = new Inbox();
    const done: string[] = [];
    let release = (): void => {};
    inbox.take(() => new Promise<void>((resolve) => (release = resolve)).then(() => void done.push('first')));
    inbox.take(async () => void done.push('second'));
    await settled();
    expect(done).toEqual([]);
    release();
    await settled();
    expect(done).toEqual(['first', 'second']);
  });

  it('refuses when nothing gets done any more', () => {
    const inbox = new Inbox();
    const taken = Array.from({ length: 70 }, () => inbox.take(() => new Promise(() => {})));
    expect(taken.filter(Boolean)).toHaveLength(64);
    expect(taken.at(-1)).toBe(false);
  });
});
