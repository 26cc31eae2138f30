import { expect, it } from 'vitest';
import { ChannelClock } from './channel-clock.ts';

it('rises strictly in a channel, even when the clock of the machine stands or goes back', () => {
  let now = 1_000;
  const clock = new ChannelClock(() => now);
  expect([clock.next('a'), clock.next('a')]).toEqual([1_000, 1_001]);
  now = 500;
  expect(clock.next('a')).toBe(1_002);
  now = 2_000;
  expect(clock.next('a')).toBe(2_000);
});

it('keeps channels apart', () => {
  const clock = new ChannelClock(() => 1_000);
  expect([clock.next('a'), clock.next('b'), clock.next('a')]).toEqual([1_000, 1_000, 1_001]);
});

it('forgets only times that have passed', () => {
  let now = 1_000;
  const clock = new ChannelClock(() => now);
  clock.next('ahead');
  for (let i = 0; i < 5; i++) clock.next('ahead');
  for (let i = 0; i < 10_000; i++) clock.next(`channel ${i}`);
  now = 1_002;
  clock.next('one more');
  expect(clock.next('ahead')).toBe(1_006);
});
