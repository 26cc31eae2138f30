import { describe, expect, it } from 'vitest';
import type { Failure, ProbeReading } from '../dialect/dialect.ts';
import { postgresDialect } from '../dialect/postgres.ts';
import { member } from '../testing/members.ts';
import { applyPosition, applyProbe, applyTrafficFailure, type ProbeContext } from './apply-probe.ts';

const reading = (changes: Partial<ProbeReading> = {}): ProbeReading => ({
  role: 'replica',
  position: '0000000000000200',
  receiving: true,
  replayPaused: false,
  timeline: 1,
  clusterId: '7001',
  instance: 'first',
  version: '18.4',
  versionNumber: 180_004,
  connectionsAllowed: 100,
  connectionsUsed: 5,
  durability: 'asynchronous',
  ...changes,
});
const good = (changes: Partial<ProbeReading> = {}) => ({ ok: true as const, reading: reading(changes) });
const context = (changes: Partial<ProbeContext> = {}): ProbeContext => ({
  now: 50_000,
  clusterId: '7001',
  masterAnswers: true,
  reached: postgresDialect.reached,
  masterTimeline: 1,
  lagMs: 0,
  lagBytes: 0,
  limits: { lagMs: 5_000, lagBytes: 1_000 },
  ...changes,
});
const refused: Failure = {
  kind: 'unreachable',
  outcome: 'not-executed',
  text: 'connect ECONNREFUSED',
  connectionLost: true,
};
const bad = (timedOut: boolean) => ({ ok: false as const, failure: refused, timedOut });

describe('a replica', () => {
  it.each([
    ['that is promoted', { role: 'master' as const }, {}, 'suspect', /accepts writes of its own/],
    ['whose link is down', { receiving: false }, {}, 'suspect', /does not receive/],
    ['of another cluster', { clusterId: '9' }, {}, 'suspect', /another database cluster/],
    ['on an old timeline', { timeline: 1 }, { masterTimeline: 2 }, 'suspect', /timeline 1, the master is on 2/],
    ['that lags', {}, { lagMs: 5_001 }, 'lagging', /Lag 5\.0 s > 5\.0 s\. Returns below 2\.5 s/],
    ['that lags by bytes while the time is unknown', {}, { lagMs: null, lagBytes: 1_001 }, 'lagging', /1001 bytes/],
    ['whose replay is paused', { replayPaused: true }, { lagMs: 9_000 }, 'lagging', /Replay is paused/],
    ['without fault', {}, {}, 'online', /Serves reads/],
    ['far behind in bytes only for a moment', {}, { lagMs: 100, lagBytes: 1e9 }, 'online', /Serves reads/],
  ])('%s', (_what, changes, surroundings, health, cause) => {
    const after = applyProbe(member('b', 'replica'), good(changes), context(surroundings));
    expect(after.health).toBe(health);
    expect(after.cause).toMatch(cause);
  });

  it('is not blamed for a missing link or a newer timeline while the master is silent, but for an older one', () => {
    const silent = context({ masterAnswers: false, lagMs: null, lagBytes: null, masterTimeline: 2 });
    const health = (timeline: number) =>
      applyProbe(member('b', 'replica'), good({ receiving: false, timeline }), silent).health;
    expect([1, 2, 3].map(health)).toEqual(['suspect', 'online', 'online']);
  });

  it('returns from lagging only below half of the limit', () => {
    const lagging = member('b', 'replica', { health: 'lagging' });
    expect(applyProbe(lagging, good(), context({ lagMs: 2_600 })).health).toBe('lagging');
    expect(applyProbe(lagging, good(), context({ lagMs: 2_400 })).health).toBe('online');
  });

  it('is offline after two refusals, after three silences', () => {
    const once = applyProbe(member('b', 'replica'), bad(false), context());
    expect(once.health).toBe('suspect');
    expect(applyProbe(once, bad(false), context()).health).toBe('offline');

    const silent = applyProbe(member('b', 'replica'), bad(true), context());
    const twice = applyProbe(silent, bad(true), context());
    expect([silent.health, twice.health]).toEqual(['suspect', 'suspect']);
    expect(applyProbe(twice, bad(true), context()).health).toBe('offline');
  });

  it('returns from offline with the second good probe, and starts slowly', () => {
    const offline = member('b', 'replica', { health: 'offline', admittedAt: 1 });
    const once = applyProbe(offline, good(), context({ now: 60_000 }));
    expect(once.health).toBe('offline');
    const twice = applyProbe(once, good(), context({ now: 61_000 }));
    expect(twice).toMatchObject({ health: 'online', admittedAt: 61_000, healthSince: 61_000 });
  });

  it.each([
    ['on another timeline', {}, { timeline: 2 }],
    ['after a restart', {}, { instance: 'second' }],
    ['after it was away', { badProbes: 1 }, {}],
    ['once it is no replica', {}, { role: 'master' as const }],
  ])('does not keep the position of a former life: %s', (_what, before, changes) => {
    const ahead = member('b', 'replica', { position: '0000000000000300', ...before });
    expect(applyProbe(ahead, good(changes), context()).position).toBe('0000000000000200');
  });

  it('shares the history of the master while it follows, and as far as it did when it is promoted', () => {
    const fresh = member('b', 'replica', { sharedUpTo: null });
    const following = applyProbe(fresh, good(), context());
    expect(following.sharedUpTo).toBe('0000000000000200');
    const promoted = good({ role: 'master', timeline: 2, position: '0000000000000900' });
    expect(applyProbe(following, promoted, context()).sharedUpTo).toBe('0000000000000200');
    expect(applyProbe(following, good(), context({ masterTimeline: 2 })).sharedUpTo).toBeNull();
  });

  it('of another cluster has no role and no position', () => {
    const foreign = applyProbe(member('b', 'replica'), good({ clusterId: '9' }), context());
    expect(foreign).toMatchObject({ observed: 'unknown', position: null, sharedUpTo: null });
  });

  it('whose disk is full stays out for a while, although its probes are good', () => {
    const out = applyTrafficFailure(member('b', 'replica'), { text: 'disk full', now: 50_000, outMs: 10_000 });
    const early = applyProbe(out, good(), context({ now: 59_999 }));
    expect(early).toMatchObject({ health: 'suspect', cause: 'A statement failed: disk full.' });
    expect(applyProbe(early, good(), context({ now: 60_000 })).health).toBe('online');
  });

  it('never moves its position backwards', () => {
    const ahead = member('b', 'replica', { position: '0000000000000300' });
    expect(applyProbe(ahead, good(), context()).position).toBe('0000000000000300');
    expect(applyPosition(ahead, '0000000000000200', postgresDialect.reached)).toBe(ahead);
    expect(applyPosition(ahead, '0000000000000400', postgresDialect.reached).position).toBe('0000000000000400');
  });
});

describe('the master', () => {
  it('whose writes do not end is in doubt, with the reason, until they do', () => {
    const stalled = { ...good({ role: 'master' }), stalled: 'The log waits for room.' };
    const after = applyProbe(member('a', 'master'), stalled, context());
    expect(after).toMatchObject({
      health: 'suspect',
      observed: 'master',
      cause: 'It answers, but its writes do not end. The log waits for room.',
    });
    expect(applyProbe(after, good({ role: 'master' }), context()).health).toBe('online');
  });

  const master = member('a', 'master');

  it.each([
    ['fenced', { role: 'read-only' as const, remark: 'read_only is on.' }, /refuses writes\. read_only is on\./],
    ['demoted', { role: 'replica' as const }, /replica of another master/],
    ['replaced by another cluster', { role: 'master' as const, clusterId: '9' }, /another database cluster/],
  ])('%s is suspect', (_what, changes, cause) => {
    const after = applyProbe(master, good(changes), context());
    expect(after.health).toBe('suspect');
    expect(after.cause).toMatch(cause);
    expect(after.clusterId).toBe('7001');
  });

  it('keeps the history that it led while it is rebuilt and follows another one, and begins the one that it leads', () => {
    const empty = applyProbe(master, good({ role: 'master', clusterId: '0', timeline: null }), context());
    expect(empty).toMatchObject({ observed: 'unknown', timeline: 1 });
    const follows = applyProbe(empty, good({ role: 'replica', timeline: 3 }), context());
    expect(follows).toMatchObject({ observed: 'replica', timeline: 1 });
    // Rebuilt by a copy of the promoted one, and not yet told to follow it.
    expect(applyProbe(empty, good({ role: 'read-only', timeline: 3 }), context()).timeline).toBe(1);
    expect(applyProbe(follows, good({ role: 'master', timeline: 4 }), context()).timeline).toBe(4);
  });

  it('serves again with one good probe after doubt', () => {
    const suspect = applyTrafficFailure(master, { text: 'connection reset', now: 40_000, outMs: 0 });
    expect(suspect).toMatchObject({ health: 'suspect', cause: 'A statement failed: connection reset.' });
    expect(applyProbe(suspect, good({ role: 'master' }), context()).health).toBe('online');
  });
});

describe('applyTrafficFailure', () => {
  it('leaves a source that is out already as it is', () => {
    const offline = member('b', 'replica', { health: 'offline' });
    expect(applyTrafficFailure(offline, { text: 'x', now: 1, outMs: 0 })).toBe(offline);
  });
});
