import { describe, expect, it } from 'vitest';
import type { Failure, ProbeReading, SynchronousMode } from '../../dialect/dialect.ts';
import { postgresDialect } from '../../dialect/postgres.ts';
import { choosePromotion, type Follower, type PromotionChoice, type PromotionQuestion } from './choose.ts';
import type { ReplicaFacts } from './facts.ts';

const at = (position: number): string => position.toString(16).padStart(16, '0').toUpperCase();
const reading: ProbeReading = {
  role: 'replica',
  position: at(0x100),
  receiving: false,
  replayPaused: false,
  timeline: 1,
  clusterId: '7001',
  instance: '',
  version: '18.4',
  versionNumber: 180_004,
  connectionsAllowed: 100,
  connectionsUsed: 5,
  durability: 'asynchronous',
};
const refused: Failure = {
  kind: 'unreachable',
  outcome: 'not-executed',
  text: 'connect ECONNREFUSED',
  connectionLost: true,
};

interface Changes {
  readonly received?: number;
  readonly confirmsAs?: string | null;
  readonly reading?: Partial<ProbeReading>;
  readonly facts?: Partial<ReplicaFacts>;
}

const replica = (name: string, { received = 0x200, confirmsAs = name, ...changes }: Changes = {}): ReplicaFacts => ({
  name,
  reading: { ...reading, instance: `run of ${name}`, ...changes.reading },
  failure: undefined,
  standing: { received: at(received), confirmsAs },
  missingToPromote: [],
  missingToRepoint: [],
  obstacles: [],
  ...changes.facts,
});
const gone = (name: string): ReplicaFacts =>
  replica(name, { facts: { reading: undefined, standing: undefined, failure: refused } });

const mode = (
  required: number,
  confirmers: readonly string[] | null,
  connected: number | null = 1,
): SynchronousMode => ({
  required,
  confirmers,
  connected,
  weakened: false,
  gap: '',
});

function choose(
  synchronous: SynchronousMode,
  replicas: readonly ReplicaFacts[],
  changes: Partial<PromotionQuestion> = {},
): PromotionChoice {
  const followers = new Map<string, Follower>(
    replicas.map(({ name }) => [name, { instance: `run of ${name}`, position: at(0x100) }]),
  );
  return choosePromotion({
    master: { name: 'a', clusterId: '7001', timeline: 1, synchronous },
    replicas,
    followers,
    canBringOver: (position) => position >= at(0x180),
    reached: postgresDialect.reached,
    isRehearsal: false,
    ...changes,
  });
}
const takes = (name: string) => ({ name, text: expect.any(String) as string });
const refuses = (text: RegExp) => ({ refusal: expect.stringMatching(text) as string });

describe('choosePromotion', () => {
  it('takes the one that has the most', () => {
    expect(choose(mode(1, ['b', 'c']), [replica('b'), replica('c', { received: 0x201 })])).toEqual(takes('c'));
    expect(choose(mode(1, ['b', 'c']), [replica('b'), replica('c')])).toEqual(takes('b'));
  });

  it.each<[number, string[], boolean]>([
    // Of n names any k have it: at least n - k + 1 must answer.
    [1, ['b'], true],
    [1, ['b', 'c'], true],
    [1, ['b', 'c', 'd'], false],
    [2, ['b', 'c', 'd'], true],
    [2, ['b', 'c', 'd', 'e'], false],
    [3, ['b', 'c', 'd', 'e'], true],
  ])('with %i of %j to confirm and two that answer: %s', (required, names, isEnough) => {
    const all = names.map((name) => (name === 'b' || name === 'c' ? replica(name) : gone(name)));
    const expected = isEnough
      ? takes('b')
      : refuses(/^\d of the \d replicas .* must answer .* 2 do\. .*ECONNREFUSED\.$/);
    expect(choose(mode(required, names), all)).toEqual(expected);
  });

  it('counts a replica that the master lists and that is no data source here', () => {
    expect(choose(mode(1, ['b', 'elsewhere']), [replica('b')])).toEqual(refuses(/^2 of the 2 replicas .* 1 does\.$/));
  });

  it('asks a replica nothing that the master does not list', () => {
    expect(choose(mode(1, ['b']), [gone('c'), replica('b'), replica('d', { received: 0x900 })])).toEqual(takes('b'));
    expect(choose(mode(1, ['b']), [replica('c')])).toEqual(refuses(/^No replica answers that may have confirmed/));
  });

  it('counts every replica where they have no names', () => {
    const any = { confirmsAs: 'any' };
    expect(choose(mode(1, null), [replica('b', any), replica('c', any)])).toEqual(takes('b'));
    expect(choose(mode(1, null), [replica('b', any), gone('c')])).toEqual(
      refuses(/^2 of the 2 .* 1 does\. c does not answer/),
    );
    expect(choose(mode(1, null), [replica('b', any), replica('c', { confirmsAs: '' })])).toEqual(takes('b'));
    expect(choose(mode(1, null, 2), [replica('b', any)])).toEqual(refuses(/^2 of the 2 .* 1 does\.$/));
  });

  it.each<[string, Changes, RegExp]>([
    ['is of another cluster', { reading: { clusterId: '9' } }, /b belongs to another database cluster/],
    ['was promoted', { reading: { role: 'master' } }, /b is no replica any more/],
    ['follows another master', { reading: { timeline: 2 } }, /b follows another master/],
    ['has restarted since', { reading: { instance: 'another' } }, /b has restarted since/],
    ['hides its name', { confirmsAs: null }, /b hides under which name .* grant pg_monitor/],
    ['lost what it had', { received: 0xff }, /b has not found again what it had before/],
    ['may not be promoted', { facts: { missingToPromote: ['GRANT x;'] } }, /^We may not promote b, run .*: GRANT x;$/],
    ['is late on purpose', { facts: { obstacles: ['it is late.'] } }, /^b has the most and cannot .*: it is late\.$/],
  ])('refuses when the only one %s', (_, how, why) => {
    expect(choose(mode(1, ['b']), [replica('b', how)])).toEqual(refuses(why));
  });

  it('refuses one that was never seen to follow', () => {
    expect(choose(mode(1, ['b']), [replica('b')], { followers: new Map() })).toEqual(
      refuses(/b was not seen to follow a/),
    );
  });

  it('takes the timeline of a replica whose link is down for what it is: it may be too low', () => {
    expect(choose(mode(1, ['b']), [replica('b', { reading: { timeline: 0 } })])).toEqual(takes('b'));
  });

  it('refuses while a replica is still fed: the master lives', () => {
    const fed = replica('c', { reading: { receiving: true } });
    expect(choose(mode(1, ['b']), [replica('b'), fed])).toEqual(refuses(/^c still receives from a master: a may live/));
    expect(choose(mode(1, ['b']), [replica('b'), fed], { isRehearsal: true })).toEqual(takes('b'));
  });

  it('refuses when one that may not be promoted has more than the others', () => {
    const ahead = replica('c', { received: 0x300, facts: { missingToPromote: ['GRANT x;'] } });
    expect(choose(mode(1, ['b', 'c']), [replica('b'), ahead])).toEqual(refuses(/^We may not promote c/));
  });

  it('counts those only that it can keep from following the old master again', () => {
    const free = replica('c', { facts: { missingToRepoint: ['GRANT y;'] } });
    expect(choose(mode(1, ['b', 'c']), [replica('b'), free])).toEqual(
      refuses(/^2 of the 2 .* 1 does\. We may not re-point c, run as an administrator: GRANT y;$/),
    );
    expect(choose(mode(2, ['b', 'c']), [replica('b'), free])).toEqual(takes('b'));
  });

  it('refuses what lacks a write that was acknowledged here and cannot be brought over', () => {
    const canBringOver = (position: string): boolean => position >= at(0x201);
    const all = [replica('b')];
    expect(choose(mode(1, ['b']), all, { canBringOver })).toEqual(
      refuses(/^b has the most .* lacks writes .* not kept/),
    );
    expect(choose(mode(1, ['b']), all, { canBringOver, isRehearsal: true })).toEqual(takes('b'));
  });

  it('does not guess which of two that have one name has confirmed', () => {
    const twins = [replica('b', { confirmsAs: 'x' }), replica('c', { confirmsAs: 'x' })];
    expect(choose(mode(1, ['x']), twins)).toEqual(refuses(/^Several replicas call themselves x/));
  });
});
