import { expect, test } from 'vitest';
import { type History, isPartOf, lastOf, newestFirst, positionOf, sequenceOf } from './history.ts';

const history = (serverId: number, known: Readonly<Record<number, number>>): History => ({
  serverId,
  known: new Map(Object.entries(known).map(([server, sequence]) => [Number(server), BigInt(sequence)])),
});

test('the position is that of the last transaction, whoever wrote it', () => {
  expect(positionOf(history(1, { 1: 102, 2: 99 }))).toBe('0-1-102');
  expect(positionOf(history(1, {}))).toBe('');
  expect(lastOf(history(1, {}))).toBeUndefined();
  expect([sequenceOf('0-2-17'), sequenceOf('')]).toEqual([17n, 0n]);
});

test.each<[string, History, History, boolean]>([
  ['a replica that is late', history(2, { 1: 90 }), history(1, { 1: 100 }), true],
  ['a replica that has what the master never got', history(3, { 1: 102 }), history(2, { 1: 99, 2: 105 }), false],
  ['a replica before a copy that the master was made of', history(3, { 1: 95 }), history(102, { 2: 110 }), false],
  ['a node without data', history(3, {}), history(1, { 1: 1 }), true],
])('%s is part of the master’s history or not', (_, replica, master, expected) => {
  expect(isPartOf(replica, master)).toBe(expected);
});

test.each<[string, History, History]>([
  ['which has more', history(2, { 1: 99, 2: 105 }), history(1, { 1: 99 })],
  ['although the old one went on for longer', history(2, { 1: 99, 2: 100 }), history(1, { 1: 102 })],
  ['when the role comes back to who had it before', history(1, { 1: 111, 2: 110 }), history(2, { 1: 99, 2: 113 })],
  ['when it was built anew meanwhile', history(101, { 2: 110, 101: 111 }), history(2, { 1: 99, 2: 113 })],
])('the master that was promoted is the newer one, %s', (_, promoted, old) => {
  expect([old, promoted].toSorted(newestFirst)).toEqual([promoted, old]);
  expect([promoted, old].toSorted(newestFirst)).toEqual([promoted, old]);
});
