import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';
import { settled } from './testing.ts';

describe('Inbox', () => {
  it('does one after the other, in the order of arrival', async () => {
    const inbox = new Inbox(() => 0);
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

  it('takes a burst, then refuses until time has passed', async () => {
    let now = 0;
    const inbox = new Inbox(() => now);
    const take = async () => {
      const admission = inbox.take(async () => {});
      await settled();
      return admission;
    };
    for (let i = 0; i < 60; i += 1) expect(await take()).toBe('taken');
    expect(await take()).toBe('too-fast');
    now += 100;
    expect([await take(), await take(), await take()]).toEqual(['taken', 'taken', 'too-fast']);
  });

  it('calls it a flood when nothing gets done any more', () => {
    let now = 0;
    const inbox = new Inbox(() => now);
    const admissions = Array.from({ length: 65 }, () => {
      now += 1_000;
      return inbox.take(() => new Promise(() => {}));
    });
    expect(admissions.filter((admission) => admission === 'taken')).toHaveLength(64);
    expect(admissions.at(-1)).toBe('flood');
  });
});
