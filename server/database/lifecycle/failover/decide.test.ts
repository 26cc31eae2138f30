import { describe, expect, it } from 'vitest';
import { member } from '../../testing/members.ts';
import { buildTopology, type Member } from '../../topology/index.ts';
import { decide, type Lost } from './decide.ts';

const lost: Lost = { since: 1_000, instance: 'first' };
const asked = { checkedAt: 1_100 };
const gone: Partial<Member> = { ...asked, health: 'offline', badProbes: 2, cause: 'gone' };
const standsBy: Partial<Member> = { ...asked, instance: 'b' };
const promoted: Partial<Member> = { ...standsBy, health: 'suspect', observed: 'master', timeline: 2 };

const verdict = (
  master: Partial<Member>,
  b: Partial<Member>,
  c: Partial<Member> = standsBy,
  doubt: Lost | null = lost,
) =>
  decide(
    buildTopology([member('a', 'master', master), member('b', 'replica', b), member('c', 'search-replica', c)], {
      generation: 1,
      since: 0,
      masterSince: 0,
    }),
    doubt ?? undefined,
  );
const b = 'b:5432/chat';

describe('decide, while the master is lost', () => {
  it.each<[string, Partial<Member>]>([
    ['cannot be reached', {}],
    ['is silent', { health: 'suspect', badProbes: 1 }],
    ['is fenced', { health: 'suspect', badProbes: 0, observed: 'read-only' }],
    ['was demoted', { health: 'suspect', badProbes: 0, observed: 'replica' }],
  ])('adopts the one that was promoted when the master %s', (_, how) => {
    expect(verdict({ ...gone, ...how }, promoted)).toEqual({ kind: 'adopt', name: b });
  });

  it('may adopt a search replica', () => {
    expect(verdict(gone, standsBy, { ...promoted, instance: 'c' })).toEqual({ kind: 'adopt', name: 'c:5432/chat' });
  });

  it('adopts the very same server under another name', () => {
    const itself = { ...promoted, timeline: 1, instance: 'first' };
    expect(verdict(gone, itself)).toEqual({ kind: 'adopt', name: b });
  });

  it('adopts where the engine has no timelines', () => {
    expect(verdict({ ...gone, timeline: null }, { ...promoted, timeline: null })).toEqual({ kind: 'adopt', name: b });
  });

  it.each<[string, Partial<Member>, RegExp]>([
    ['nobody was promoted', standsBy, /^No other database accepts writes\.$/],
    ['it has an older history', { ...promoted, timeline: 0 }, /b:5432\/chat \(timeline 0\) accepts writes, but/],
    ['it was never promoted from the master', { ...promoted, timeline: 1 }, /does not come from the history/],
    ['it is of another cluster', { ...promoted, clusterId: '9' }, /does not come from the history/],
    ['it has no known cluster', { ...promoted, clusterId: null }, /does not come from the history/],
    ['it was fenced after its promotion', { ...promoted, observed: 'read-only' }, /^No other database/],
    ['it does not answer any more', { ...promoted, badProbes: 1 }, /^No other database/],
  ])('adopts nobody when %s', (_, how, reason) => {
    expect(verdict(gone, how)).toMatchObject({ kind: 'none', reason: expect.stringMatching(reason) as string });
  });

  it('adopts only who was seen to follow the master, once another history was given up', () => {
    const members = (heir: Partial<Member>) => [member('a', 'master', gone), member('b', 'replica', heir)];
    const after = (heir: Partial<Member>) =>
      decide(buildTopology(members(heir), { generation: 2, since: 0, masterSince: 0, gaveUp: true }), lost);
    expect(after({ ...promoted, sharedUpTo: null })).toMatchObject({ kind: 'none' });
    expect(after({ ...promoted, sharedUpTo: '00' })).toEqual({ kind: 'adopt', name: b });
  });

  it('never chooses between two, unless one of them is fenced', () => {
    const other = { ...promoted, instance: 'c', timeline: 3 };
    expect(verdict(gone, promoted, other)).toMatchObject({
      kind: 'two-writable',
      reason: expect.stringContaining('b:5432/chat (timeline 2) and c:5432/chat (timeline 3) accept writes') as string,
    });
    expect(verdict(gone, promoted, { ...other, observed: 'read-only' })).toEqual({ kind: 'adopt', name: b });
  });

  it('waits until everybody was asked since then', () => {
    const early = { checkedAt: 999 };
    expect(verdict(gone, promoted, { ...standsBy, ...early })).toEqual({ kind: 'wait' });
    expect(verdict({ ...gone, ...early }, promoted)).toEqual({ kind: 'wait' });
    expect(verdict({ ...gone, ...early }, promoted, { ...gone, badProbes: 1 })).toEqual({ kind: 'wait' });
  });

  it('waits for a master that answers and accepts writes', () => {
    expect(verdict({ ...asked, health: 'suspect' }, promoted)).toEqual({ kind: 'wait' });
  });
});

describe('decide, when we have told a replica to become the master', () => {
  const told: Lost = { ...lost, expected: b };

  it.each<[string, Partial<Member>]>([
    ['is gone', gone],
    ['serves again', asked],
    ['serves again after a restart', { ...asked, instance: 'second' }],
    ['was not asked yet', { ...gone, checkedAt: 999 }],
  ])('adopts it when the former master %s', (_, how) => {
    expect(verdict(how, promoted, standsBy, told)).toEqual({ kind: 'adopt', name: b });
  });

  it('never goes back to the former master, since the other one may become one yet', () => {
    expect(verdict(asked, standsBy, standsBy, told)).toMatchObject({
      kind: 'none',
      reason: expect.stringMatching(/^b:5432\/chat was told to become the master and does not accept/) as string,
    });
  });

  it('does not choose when another one was promoted as well, or instead', () => {
    const other = { ...promoted, instance: 'c' };
    expect(verdict(gone, promoted, other, told)).toMatchObject({ kind: 'two-writable' });
    expect(verdict(gone, standsBy, other, told)).toMatchObject({
      kind: 'two-writable',
      reason: expect.stringMatching(/^c:5432\/chat accepts writes, and b:5432\/chat was told/) as string,
    });
  });
});

describe('decide, when the master serves', () => {
  it('stays with it, although another one was promoted (docs/adr/0013-one-writable-database.md)', () => {
    expect(verdict({}, promoted, standsBy, null)).toEqual({ kind: 'serves' });
  });

  it('stays with it after a moment of silence', () => {
    expect(verdict(asked, promoted)).toEqual({ kind: 'serves' });
    expect(verdict(asked, standsBy)).toEqual({ kind: 'serves' });
  });

  it('stays with it after its restart when nobody was promoted meanwhile', () => {
    expect(verdict({ ...asked, instance: 'second' }, standsBy)).toEqual({ kind: 'serves' });
  });

  it('trusts nobody when it restarted and another one was promoted meanwhile', () => {
    expect(verdict({ ...asked, instance: 'second' }, promoted)).toMatchObject({
      kind: 'two-writable',
      reason: expect.stringContaining('a:5432/chat (timeline 1) and b:5432/chat (timeline 2)') as string,
    });
  });
});
