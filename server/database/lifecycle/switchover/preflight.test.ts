import { describe, expect, it } from 'vitest';
import type { ProbeReading } from '../../dialect/dialect.ts';
import type { CandidateAnswer, MasterAnswer, ReplicaAnswer, SwitchoverFacts } from './facts.ts';
import { limitsFor } from './limits.ts';
import { describeLoss, preflight } from './preflight.ts';

const reading = (role: ProbeReading['role'], changes: Partial<ProbeReading> = {}): ProbeReading => ({
  role,
  position: '0000000000000100',
  receiving: true,
  replayPaused: false,
  timeline: 1,
  clusterId: '7001',
  instance: 'first',
  version: '18',
  versionNumber: 180_000,
  connectionsAllowed: 100,
  connectionsUsed: 1,
  durability: 'asynchronous',
  ...changes,
});
const silent = {
  kind: 'unreachable',
  outcome: 'not-executed',
  text: 'connect ECONNREFUSED',
  connectionLost: true,
} as const;
const gone = { reading: undefined, failure: silent, facts: undefined };

const sound = { longTransactions: 0, preparedTransactions: 0, fenceObstacles: [] };
const master: MasterAnswer = {
  name: 'pg-a',
  reading: reading('master'),
  failure: undefined,
  facts: sound,
  missing: [],
};
const noDelay = { applyDelayMs: 0, fenced: false, behindMs: null, obstacles: [], received: null };
const candidate: CandidateAnswer = {
  name: 'pg-b',
  reading: reading('replica'),
  failure: undefined,
  facts: noDelay,
  missingToPromote: [],
  missingToUnfence: [],
  lagBytes: 0,
};
const replica: ReplicaAnswer = {
  name: 'pg-c',
  reading: reading('replica'),
  failure: undefined,
  missing: [],
  hasMore: false,
};

interface Changes extends Partial<Omit<SwitchoverFacts, 'master' | 'candidate' | 'replicas'>> {
  readonly master?: Partial<MasterAnswer>;
  readonly candidate?: Partial<CandidateAnswer>;
  readonly replica?: Partial<ReplicaAnswer>;
}

const facts = (changes: Changes = {}): SwitchoverFacts => ({
  emergency: false,
  running: { clusterId: '7001', timeline: 1 },
  missing: { bytes: 0, writes: 0 },
  connectionsWanted: 8,
  promoteMs: 8_000,
  ...changes,
  master: { ...master, ...changes.master },
  candidate: { ...candidate, ...changes.candidate },
  replicas: [{ ...replica, ...changes.replica }],
});

/** The checks that did not pass: `outcome name: text`. */
const complaints = (changes: Changes): string[] =>
  preflight(facts(changes))
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ outcome, name, text }) => `${outcome} ${name}: ${text}`);

describe('the preflight of a planned switchover', () => {
  it('passes a sound cluster', () => {
    expect(complaints({})).toEqual([]);
    expect(preflight(facts()).length).toBeGreaterThan(7);
  });

  it.each<[string, Changes, RegExp]>([
    ['the master is silent', { master: gone }, /^failed Master: pg-a does not answer: .* use the emergency path/],
    ['the master is fenced', { master: { reading: reading('read-only') } }, /^failed Master: .* it is fenced/],
    ['the candidate is silent', { candidate: gone }, /^failed Candidate: pg-b does not answer: connect ECONNREFUSED/],
    [
      'it is a stranger',
      { candidate: { reading: reading('replica', { clusterId: '9' }) } },
      /^failed Candidate: .* another database cluster/,
    ],
    [
      'it was promoted',
      { candidate: { reading: reading('master') } },
      /^failed Candidate: pg-b is no replica\. .* use Recycle/,
    ],
    [
      'it follows another',
      { candidate: { reading: reading('replica', { timeline: 2 }) } },
      /^failed Candidate: .* timeline 2, the master is on 1/,
    ],
    [
      'its link is down',
      { candidate: { reading: reading('replica', { receiving: false }) } },
      /^failed Following: .* link is down/,
    ],
    [
      'it is paused',
      { candidate: { reading: reading('replica', { replayPaused: true }) } },
      /^failed Following: .* Resume it/,
    ],
    [
      'it is delayed',
      { candidate: { facts: { ...noDelay, applyDelayMs: 60_000 } } },
      /^failed Lag: .* 60 s late on purpose/,
    ],
    [
      'it is behind',
      { candidate: { lagBytes: 1_048_577 } },
      /^failed Lag: .* 1048577 bytes behind, allowed are 1048576/,
    ],
    [
      'it says that it is late',
      { candidate: { lagBytes: null, facts: { ...noDelay, behindMs: 3_000 } } },
      /^failed Lag: .* 3 s behind, allowed are 2 s/,
    ],
    [
      'nobody could follow it',
      { candidate: { facts: { ...noDelay, obstacles: ['it has changes of its own.'] } } },
      /^failed Candidate: pg-b cannot become the master: it has changes/,
    ],
    ['the lag is hidden', { candidate: { lagBytes: null } }, /^warning Lag: .* not known/],
    [
      'a transaction is long',
      { master: { facts: { ...sound, longTransactions: 2 } } },
      /^failed Transactions: .* 2 transactions older than 5 s/,
    ],
    [
      'transactions are hidden',
      { master: { facts: { ...sound, longTransactions: null } } },
      /^warning Transactions: .* hidden/,
    ],
    [
      'one is prepared',
      { master: { facts: { ...sound, preparedTransactions: 1 } } },
      /^failed Transactions: .* 1 prepared/,
    ],
    [
      'we may not fence',
      { master: { missing: ['GRANT x;'] } },
      /^failed Fence: We may not fence pg-a\. Run as an administrator on the master: GRANT x;/,
    ],
    [
      'the fence would leak',
      { master: { facts: { ...sound, fenceObstacles: ['reset it.'] } } },
      /^failed Fence: .* would not hold: reset it\./,
    ],
    [
      'its own fence stays',
      { candidate: { facts: { ...noDelay, fenced: true }, missingToUnfence: ['GRANT x;'] } },
      /^failed Own fence: .* GRANT x;/,
    ],
    [
      'we may not promote',
      { candidate: { missingToPromote: ['GRANT x;'] } },
      /^warning Promotion: .* You have 8 s for it\. .* GRANT x;/,
    ],
    [
      'a replica stays behind',
      { replica: { missing: ['GRANT x;'] } },
      /^warning Other replica: We may not re-point pg-c/,
    ],
    [
      'there is no room',
      { candidate: { reading: reading('replica', { connectionsUsed: 95 }) } },
      /^warning Head-room: 95 of 100/,
    ],
    [
      'durability is lost',
      { master: { reading: reading('master', { durability: 'synchronous' }) } },
      /^warning Durability: pg-a commits synchronously/,
    ],
  ])('complains when %s, and about nothing else', (_, changes, text) => {
    const found = complaints(changes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(text);
  });

  it('refuses a synchronous candidate that nobody can follow', () => {
    const synchronous = reading('replica', { durability: 'synchronous' });
    expect(complaints({ candidate: { reading: synchronous } })).toEqual([]);
    const found = complaints({ candidate: { reading: synchronous }, replica: { missing: ['GRANT x;'] } });
    expect(found[0]).toMatch(/^failed Durability: .* would wait for a replica/);
  });
});

describe('the preflight of the emergency path', () => {
  const lost = { emergency: true, master: gone } as const;

  it('needs no master, no link and no catching up', () => {
    expect(
      complaints({ ...lost, candidate: { reading: reading('replica', { receiving: false }), lagBytes: null } }),
    ).toEqual([]);
  });

  it('refuses while the master answers', () => {
    expect(complaints({ emergency: true })[0]).toMatch(/^failed Master: pg-a answers .* planned switchover/);
  });

  it('refuses a candidate that lacks what another one has, or that follows an older history', () => {
    expect(complaints({ ...lost, replica: { hasMore: true } })[0]).toMatch(/^failed Furthest: pg-c has replayed more/);
    const older = { reading: reading('replica', { timeline: 1 }) };
    expect(complaints({ ...lost, running: { clusterId: '7001', timeline: 2 }, candidate: older })[0]).toMatch(
      /timeline 1/,
    );
  });

  it('states the loss', () => {
    const loss = (bytes: number | null, writes: number | null) => describeLoss(facts({ missing: { bytes, writes } }));
    expect(loss(0, 0)).toBe('pg-b has every write that was acknowledged by this server.');
    expect(loss(320, 3)).toMatch(
      /lacks about 320 bytes, 3 acknowledged writes\. They are kept here and are carried over/,
    );
    expect(loss(320, null)).toMatch(/Not all of them are kept here: some may be lost/);
    expect(complaints({ ...lost, missing: { bytes: 320, writes: null } })[0]).toMatch(/^warning Loss/);
  });
});

describe('the limits', () => {
  it.each([100, 3_000, 10_000, 25_000, 120_000])('nest within a hold of %d ms', (holdMs) => {
    const { quiesceMs, fenceMs, catchUpMs, promoteMs, verifyMs } = limitsFor(holdMs);
    expect(quiesceMs + fenceMs + catchUpMs + promoteMs + verifyMs).toBeLessThan(holdMs);
  });

  it('are those of the longest operation when there is time', () => {
    expect(limitsFor(60_000)).toEqual({
      quiesceMs: 5_000,
      fenceMs: 1_000,
      catchUpMs: 5_000,
      promoteMs: 10_000,
      verifyMs: 2_000,
      undoMs: 5_000,
    });
  });
});
