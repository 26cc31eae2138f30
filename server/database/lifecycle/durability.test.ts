import { describe, expect, it } from 'vitest';
import { postgresDialect } from '../dialect/postgres.ts';
import type { LayerEvent } from '../events.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { member, snapshotOf } from '../testing/members.ts';
import { buildTopology, type Member } from '../topology/index.ts';
import { durabilityOf, watchDurability } from './durability.ts';
import { Live } from './live.ts';

const configured = (changes: Partial<NonNullable<Member['synchronous']>> = {}): Partial<Member> => ({
  durability: 'synchronous',
  synchronous: { required: 1, connected: 1, weakened: false, confirmers: ['b'], gap: '', ...changes },
});

const durability = (master: Partial<Member>, atRisk = 7) =>
  durabilityOf(
    buildTopology(
      [
        member('a', 'master', { durability: 'asynchronous', ...master }),
        member('b', 'replica', { sharedUpTo: '0000000000000300' }),
        member('c', 'replica', { sharedUpTo: '0000000000000200' }),
      ],
      { generation: 1, since: 0, masterSince: 0 },
    ),
    { countBeyond: (positions) => (positions.includes('0000000000000300') ? atRisk : 99) },
  );

describe('durabilityOf', () => {
  it('does not count to nothing', () => {
    expect(durability({}, 0).text).toMatch(/At the moment a replica has every acknowledged write of this server/);
  });

  it.each<[string, Partial<Member>, boolean | null, RegExp]>([
    ['says what can be lost', {}, null, /^Asynchronous: .* no replica has 7 acknowledged writes of this server/],
    ['says that nothing is', configured(), true, /1 of 1 are connected\. Losing the master costs nothing/],
    [
      'names a mode in which a replica shows it at once',
      { ...configured(), durability: 'synchronous-visible' },
      true,
      /^Synchronous and visible/,
    ],
    ['says that writes wait', configured({ connected: 0 }), false, /Only 0 of 1 are connected: writes wait/],
    ['says that it cannot tell', configured({ connected: null }), null, /cannot be seen: grant pg_monitor/],
    [
      'says that commits do not wait',
      { ...configured({ weakened: true }), durability: 'asynchronous' },
      false,
      /configured, but commits do not wait for it: .*\. Asynchronous: .* 7 /,
    ],
    ['admits that it is not known', { durability: 'unknown' }, null, /^Not known yet/],
  ])('%s', (_, master, met, text) => {
    expect(durability(master)).toMatchObject({ met, at_risk_writes: 7, text: expect.stringMatching(text) as string });
  });
});

describe('watchDurability', () => {
  it('warns when the mode is not kept, from the start on too, and tells when it is again', () => {
    const clock = new ManualClock();
    const live = new Live(
      snapshotOf([member('a', 'master', configured({ connected: 0 })), member('b', 'replica')]),
      clock,
      { reached: postgresDialect.reached },
    );
    const events: LayerEvent[] = [];
    live.events.subscribe((event) => events.push(event));
    watchDurability(live);
    const set = (changes: Partial<Member>) => live.update('a:5432/chat', (before) => ({ ...before, ...changes }));
    set({ checkedAt: 1 });
    set({ checkedAt: 2 });
    set(configured({ connected: 1 }));
    set({ ...configured({ connected: 0 }), badProbes: 1 });
    set({ badProbes: 0, ...configured({ weakened: true }), durability: 'asynchronous' });
    set({ synchronous: null, durability: 'asynchronous' });
    set(configured());
    expect(events.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'durability_unmet warning',
      'durability_met info',
      'durability_unmet warning',
      'durability_changed info',
    ]);
  });
});
