import { describe, expect, it } from 'vitest';
import { mysqlDialect } from '../../dialect/mysql.ts';
import { postgresDialect } from '../../dialect/postgres.ts';
import { member } from '../../testing/members.ts';
import { testSettings } from '../../testing/test-settings.ts';
import { buildTopology, type Member } from '../../topology/index.ts';
import { statusOf, whyIneffective } from './readiness.ts';

const list = 'postgres://chat:secret@a/chat,postgres://chat:secret@b/chat';
const kept: Partial<Member> = {
  durability: 'synchronous',
  synchronous: { required: 1, connected: 1, weakened: false, confirmers: ['b'], gap: '' },
};
const topology = (master: Partial<Member>, replicas = 1) =>
  buildTopology([member('a', 'master', master), ...(replicas > 0 ? [member('b', 'replica')] : [])], {
    generation: 1,
    since: 0,
    masterSince: 0,
  });
const why = (master: Partial<Member>, settings = {}, replicas = 1): string =>
  whyIneffective(testSettings(list, settings), topology(master, replicas), postgresDialect);

describe('whyIneffective', () => {
  it('finds nothing in a synchronous mode', () => {
    expect(why(kept)).toBe('');
    // Writes wait: whatever was acknowledged is on a replica.
    expect(why({ ...kept, synchronous: { ...kept.synchronous, connected: 0 } as Member['synchronous'] })).toBe('');
  });

  it.each<[string, string, RegExp]>([
    ['nobody would be followed', why(kept, { FollowPromotion: false }), /^FollowPromotion is off/],
    ['Patroni decides', why(kept, { PatroniUrls: ['http://a:8008'] }), /^PatroniUrls is set/],
    ['there is no replica', why(kept, {}, 0), /^There is no replica/],
    [
      'it is asynchronous',
      why({ durability: 'asynchronous' }),
      /commits asynchronously: .* Configure a synchronous mode/,
    ],
    [
      'the mode is weakened',
      why({
        ...kept,
        durability: 'asynchronous',
        synchronous: { ...kept.synchronous, weakened: true } as Member['synchronous'],
      }),
      /commits do not wait for it/,
    ],
    [
      'the mode has a gap',
      why({ ...kept, synchronous: { ...kept.synchronous, gap: 'A gap.' } as Member['synchronous'] }),
      /^A gap/,
    ],
    [
      'the engine has no promotion',
      whyIneffective(testSettings(list), topology({ ...kept, version: '8.0.36' }), mysqlDialect),
      /not there for MySQL/,
    ],
  ])('says that %s', (_, text, expected) => {
    expect(text).toMatch(expected);
  });
});

describe('statusOf', () => {
  const on = testSettings(list, { AutomaticPromotion: true, AutomaticPromotionAfterMilliseconds: 1_500 });
  it('is off by default, ready, or ineffective with its reason', () => {
    expect(statusOf(testSettings(list), 'x')).toEqual({ state: 'off', text: '' });
    expect(statusOf(on, '')).toMatchObject({ state: 'ready', text: expect.stringMatching(/for 1\.5 s/) as string });
    expect(statusOf(on, 'Why.')).toEqual({ state: 'ineffective', text: 'Switched on, and does nothing: Why.' });
  });
});
