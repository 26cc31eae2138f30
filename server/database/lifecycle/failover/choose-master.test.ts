import { describe, expect, it } from 'vitest';
import type { ProbeReading } from '../../dialect/dialect.ts';
import { type Candidate, type Choice, type ChoiceContext, chooseMaster } from './choose-master.ts';
import type { MasterMark } from './epoch.ts';

const reading = (instance: string, changes: Partial<ProbeReading>): ProbeReading => ({
  role: 'replica',
  position: '0000000000000200',
  receiving: true,
  replayPaused: false,
  timeline: 1,
  clusterId: '7001',
  instance,
  version: '18.4',
  versionNumber: 180_004,
  connectionsAllowed: 100,
  connectionsUsed: 5,
  durability: 'asynchronous',
  ...changes,
});
const found = (name: string, changes: Partial<ProbeReading> = {}, epoch: number | null = null): Candidate => ({
  name,
  reading: reading(name, changes),
  isDown: false,
  fault: changes.role === 'master' || changes.role === undefined ? '' : 'It refuses writes.',
  epoch,
});
const replica = (name: string, timeline = 1): Candidate => ({ ...found(name, { timeline }), fault: 'In recovery.' });
const writable = (name: string, timeline: number, epoch: number | null = null): Candidate =>
  found(name, { role: 'master', timeline }, epoch);
const down: Candidate = { name: 'a', reading: undefined, isDown: true, fault: 'connect ECONNREFUSED.', epoch: null };
const marked = (master: string, timeline: number): MasterMark => ({ epoch: 3, master, clusterId: '7001', timeline });

const choose = (candidates: [Candidate, ...Candidate[]], context: Partial<ChoiceContext> = {}): Choice =>
  chooseMaster(candidates, { mark: undefined, follow: true, ...context });
const refusal = (text: RegExp) => ({ refusal: expect.stringMatching(text) as string });

describe('chooseMaster', () => {
  it('takes the configured master when it is the only one that accepts writes', () => {
    expect(choose([writable('a', 1), replica('b')])).toEqual({ master: 'a' });
    expect(choose([writable('a', 1), replica('b')], { mark: marked('a', 1) })).toEqual({ master: 'a' });
  });

  it('takes it over a former master that came back', () => {
    expect(choose([writable('b', 2), writable('a', 1)])).toEqual({ master: 'b' });
  });

  it.each<[string, Candidate]>([
    ['cannot be reached', down],
    ['is a replica now', replica('a', 2)],
    ['is a replica that has not caught on yet', replica('a', 1)],
    ['is fenced', found('a', { role: 'read-only' })],
  ])('follows the one that took over when the configured master %s', (_, first) => {
    expect(choose([first, writable('b', 2), replica('c')])).toEqual({ master: 'b' });
    expect(choose([first, writable('b', 2)], { mark: marked('a', 1) })).toEqual({ master: 'b' });
    expect(choose([first, writable('b', 2)], { follow: false })).toEqual(
      refusal(/^Master a: .* b \(timeline 2\) accepts writes: put it first in DataSource, or set FollowPromotion/),
    );
  });

  it('never writes to a former master that came back', () => {
    const both: [Candidate, ...Candidate[]] = [writable('a', 1), writable('b', 2)];
    expect(choose(both, { mark: marked('b', 2) })).toEqual({ master: 'b' });
    expect(choose(both, { mark: marked('b', 2), follow: false })).toEqual(refusal(/a former master that came back/));
    expect(choose([writable('a', 1, 1), writable('b', 2, 2)])).toEqual({ master: 'b' });
    expect(choose([writable('a', 1), replica('b', 2)], { mark: marked('b', 2) })).toEqual(
      refusal(/timeline 1, b was the master on timeline 2: it is a former master that came back/),
    );
  });

  it('does not choose between two when nothing tells which was left behind', () => {
    const text = /^a \(timeline 1\) and b \(timeline 2\) accept writes, and nothing tells/;
    expect(choose([writable('a', 1), writable('b', 2)])).toEqual(refusal(text));
    expect(choose([writable('a', 1, 4), writable('b', 2, 4)], { mark: marked('a', 1) })).toEqual(refusal(text));
    expect(choose([down, writable('b', 2), writable('c', 2)])).toEqual(refusal(/b .* and c .* accept writes/));
  });

  it('follows no stranger', () => {
    const foreign = found('b', { role: 'master', timeline: 9, clusterId: '9' });
    expect(choose([replica('a'), foreign])).toEqual(refusal(/^Master a: In recovery\.$/));
    expect(choose([down, foreign], { mark: marked('a', 1) })).toEqual(refusal(/ECONNREFUSED/));
    expect(choose([down, writable('b', 1)], { mark: marked('a', 1) })).toEqual(refusal(/ECONNREFUSED/));
    expect(choose([down, writable('b', 2), { ...foreign, name: 'c' }])).toEqual(refusal(/ECONNREFUSED/));
    expect(choose([replica('a', 3), writable('b', 2)])).toEqual(refusal(/In recovery/));
  });

  it('leaves mistakes in the file to the admin', () => {
    const wrong: Candidate = { ...down, isDown: false, fault: 'password authentication failed.' };
    expect(choose([wrong, writable('b', 2)])).toEqual(refusal(/^Master a: password authentication failed\.$/));
  });

  it('forgets what it knew when the configured master is of another cluster', () => {
    const mark: MasterMark = { epoch: 9, master: 'x', clusterId: '1', timeline: 9 };
    expect(choose([writable('a', 1), replica('b')], { mark })).toEqual({ master: 'a' });
  });
});
