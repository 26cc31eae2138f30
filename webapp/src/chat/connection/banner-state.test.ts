import { describe, expect, it } from 'vitest';
import { type BannerState, type LinkFacts, nextBanner, quiet, viewBanner } from './banner-state.ts';

const fine: LinkFacts = { connected: true, mode: 'normal', canRead: true, stalled: false, waiting: 0, sent: 0, now: 0 };

/** Feeds facts one after the other, as the page does on every change and every second. */
function run(...steps: Partial<LinkFacts>[]) {
  let facts = fine;
  let state: BannerState = quiet;
  for (const step of steps) {
    facts = { ...facts, ...step };
    state = nextBanner(state, facts);
  }
  return { state, view: viewBanner(state, facts) };
}

describe('the connection banner', () => {
  it('says nothing about a short trouble, neither during nor after', () => {
    expect(run({ connected: false, now: 0 }, { now: 1_999 }).view).toBeUndefined();
    expect(run({ connected: false, now: 0 }, { now: 1_999, connected: true }).view).toBeUndefined();
  });

  it('speaks after 2 s, counts and offers a retry after 10 s', () => {
    expect(run({ connected: false, waiting: 3 }, { now: 2_000 }).view).toEqual({
      say: 'lost',
      count: 0,
      since: undefined,
      canRetry: false,
      canCopy: false,
    });
    expect(run({ connected: false, waiting: 3 }, { now: 10_000 }).view).toMatchObject({
      say: 'lost',
      count: 3,
      canRetry: true,
    });
  });

  it('names the switch, and since when once it lasts', () => {
    expect(run({ mode: 'switching', now: 50 }, { now: 2_100 }).view).toMatchObject({
      say: 'switching',
      since: undefined,
    });
    expect(run({ mode: 'switching', now: 50 }, { now: 10_100 }).view).toMatchObject({ say: 'switching', since: 50 });
    expect(run({ mode: 'read-only' }, { now: 2_000 }).view?.say).toBe('read-only');
  });

  it('does not tell anybody to keep reading who has nothing to read', () => {
    for (const mode of ['switching', 'read-only'] as const) {
      expect(run({ mode, canRead: false, now: 50 }, { now: 2_100 }).view?.say).toBe('unreadable');
    }
    expect(run({ connected: false, canRead: false }, { now: 2_100 }).view?.say).toBe('lost');
  });

  it('prefers the lost line to what was said on it', () => {
    expect(run({ mode: 'switching' }, { now: 3_000, connected: false }).view?.say).toBe('lost');
  });

  it('keeps the start when one trouble turns into another', () => {
    expect(
      run({ connected: false }, { now: 9_000, connected: true, mode: 'switching' }, { now: 10_000 }).view,
    ).toMatchObject({
      say: 'switching',
      since: 0,
    });
  });

  it('drains, then says how many were sent, for 3 s', () => {
    const lost = [
      { connected: false, waiting: 3 },
      { now: 5_000, connected: true },
    ];
    expect(run(...lost).view).toMatchObject({ say: 'recovering', count: 3 });
    const done = [...lost, { now: 5_400, waiting: 0, sent: 3 }];
    expect(run(...done).view).toMatchObject({ say: 'back', count: 3 });
    expect(run(...done, { now: 8_399 }).view?.say).toBe('back');
    expect(run(...done, { now: 8_400 }).view).toBeUndefined();
  });

  it('offers a copy when messages have been stuck for five minutes', () => {
    expect(run({ connected: false, waiting: 1 }, { now: 300_000 }).view).toMatchObject({
      say: 'stuck',
      canCopy: true,
      count: 1,
    });
    expect(run({ connected: false }, { now: 300_000 }).view?.say).toBe('lost');
  });

  it('notices messages that fail although the line stands', () => {
    expect(run({ stalled: true, waiting: 1 }, { now: 2_500 }).view?.say).toBe('stalled');
  });
});
