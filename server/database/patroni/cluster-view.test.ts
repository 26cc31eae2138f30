import { describe, expect, it } from 'vitest';
import { inWords, leaderOf, readCluster, readItself } from './cluster-view.ts';

const old = {
  members: [
    {
      name: 'pg-a',
      role: 'leader',
      state: 'running',
      api_url: 'http://h:8008/patroni',
      host: 'h',
      port: 5432,
      timeline: 1,
    },
    { name: 'pg-b', role: 'replica', state: 'running', host: 'h', port: 5433, timeline: 1, lag: 0 },
    { name: 'pg-c', role: 'sync_standby', state: 'streaming', host: 'h', port: '5434', timeline: 1, lag: 4096 },
  ],
};

const words = (answer: unknown): string => {
  const view = readCluster(answer);
  return view === undefined ? 'no answer' : inWords(view);
};

describe('readCluster', () => {
  it('reads what versions have in common, and does without what one leaves out', () => {
    expect(readCluster(old)?.members[0]).toEqual({
      name: 'pg-a',
      role: 'leader',
      state: 'running',
      host: 'h',
      port: 5432,
      lagBytes: null,
    });
    expect(
      readCluster({ members: [{ name: 'x', lag: 'unknown', port: 'many' }, { role: 'leader' }, 7] })?.members,
    ).toEqual([{ name: 'x', role: '', state: '', host: null, port: null, lagBytes: null }]);
  });

  it.each([undefined, null, 'text', [], {}, { members: 'many' }])('takes %j for no answer', (answer) => {
    expect(readCluster(answer)).toBeUndefined();
  });
});

describe('inWords', () => {
  it.each([
    [old, 'leader pg-a, 2 streaming, pg-c 4096 bytes behind'],
    [{ ...old, pause: true }, /, paused: it promotes nobody until it is resumed$/],
    [{ members: [{ name: 'a', role: 'primary', state: 'running' }] }, 'leader a'],
    [{ members: [{ name: 'a', role: 'leader', state: 'starting' }] }, 'leader a (starting)'],
    [
      {
        members: [
          { name: 'a', role: 'replica', state: 'stopped' },
          { name: 'b', role: 'replica' },
        ],
      },
      'no leader, 0 streaming, a stopped, b in an unknown state',
    ],
  ])('%#', (answer, expected) => {
    if (typeof expected === 'string') expect(words(answer)).toBe(expected);
    else expect(words(answer)).toMatch(expected);
  });

  it('knows that the leader of a standby cluster takes no writes', () => {
    const view = readCluster({ members: [{ name: 'a', role: 'standby_leader', state: 'streaming' }] });
    expect(view === undefined ? 'none' : leaderOf(view)).toBeUndefined();
  });
});

describe('readItself', () => {
  it('tells of the one member that was asked', () => {
    const answer = { state: 'running', role: 'master', patroni: { version: '2.1.4', scope: 's', name: 'pg-a' } };
    expect(readItself(answer, 'http://h:8008')).toMatchObject({
      members: [{ name: 'pg-a', role: 'master' }],
      paused: false,
    });
    expect(readItself({ role: 'replica', pause: true }, 'http://h:8008')).toMatchObject({
      members: [{ name: 'h:8008' }],
      paused: true,
    });
    expect(readItself({}, 'http://h:8008')).toBeUndefined();
  });
});
