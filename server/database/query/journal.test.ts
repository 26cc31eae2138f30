import { describe, expect, it } from 'vitest';
import { WriteJournal } from './journal.ts';
import { bind, statement } from './statement.ts';

const insert = statement('t.insert', 'INSERT');
const at = (n: number): string => n.toString(16).padStart(16, '0');
const reached = (position: string, atLeast: string): boolean => position >= atLeast;
const journalOf = (...positions: number[]): WriteJournal => {
  const journal = new WriteJournal(at(0), reached);
  for (const n of positions) journal.add([bind(insert, n)], at(n), n);
  return journal;
};
const values = (entries: ReturnType<WriteJournal['missing']>) =>
  entries?.map((entry) => entry.statements[0]?.values[0]);

describe('WriteJournal', () => {
  it('gives what lies beyond the fork, in order', () => {
    expect(values(journalOf(10, 20, 30).missing(at(10)))).toEqual([20, 30]);
    expect(values(journalOf(10, 20, 30).missing(at(30)))).toEqual([]);
  });

  it('forgets what every replica has, and gives the rest', () => {
    const journal = journalOf(10, 20, 30);
    journal.forgetUpTo([at(20)]);
    expect(journal.size).toBe(1);
    expect(values(journal.missing(at(20)))).toEqual([30]);
  });

  it('counts what no database has, by the comparison of positions that it was given', () => {
    expect(journalOf(10, 20, 30).countBeyond([at(10), at(20)])).toBe(1);
    expect(journalOf(10, 20, 30).countBeyond([])).toBe(3);
    // GTIDs as texts stand in another order than their numbers.
    const journal = new WriteJournal('0-1-0', (has, least) => Number(has.slice(4)) >= Number(least.slice(4)));
    for (const n of [9, 10, 11]) journal.add([bind(insert, n)], `0-1-${n}`, n);
    expect(journal.countBeyond(['0-1-9', '0-1-10'])).toBe(1);
  });

  it('cannot tell what a database lacks that left before something which is forgotten', () => {
    const journal = journalOf(10, 20, 30);
    journal.forgetUpTo([at(20)]);
    expect(journal.missing(at(10))).toBeUndefined();
  });

  it('cannot tell it either when the forgotten stood in another order than their positions', () => {
    const journal = journalOf(100, 90, 110);
    journal.forgetUpTo([at(100)]);
    expect(journal.missing(at(95))).toBeUndefined();
    expect(values(journal.missing(at(100)))).toEqual([110]);
  });

  it('may forget between two passes what the first one has brought over', () => {
    const journal = journalOf(10, 20);
    const done = journal.missing(at(5))?.at(-1)?.sequence ?? 0;
    journal.add([bind(insert, 30)], at(30), 30);
    journal.forgetUpTo([at(20)]);
    expect(values(journal.missing(at(5), done))).toEqual([30]);
    journal.forgetUpTo([at(30)]);
    expect(journal.missing(at(5), done)).toBeUndefined();
  });

  it('cannot tell what came before it began', () => {
    const journal = new WriteJournal(at(100), reached);
    expect(journal.missing(at(99))).toBeUndefined();
    expect(journal.missing(at(100))).toEqual([]);
  });

  it('stays bounded in number, and then refuses to guess', () => {
    const journal = new WriteJournal(at(0), reached);
    for (let n = 1; n <= 30_000; n++) journal.add([bind(insert, n)], at(n), n);
    expect(journal.size).toBe(20_000);
    expect(journal.missing(at(9_999))).toBeUndefined();
    expect(journal.missing(at(10_000))).toHaveLength(20_000);
  });

  it('tells what is left for a database that lacks more, and how much is lost to it at most', () => {
    const journal = new WriteJournal(at(5), reached);
    for (let n = 6; n <= 20_010; n++) journal.add([bind(insert, n)], at(n), n);
    expect([journal.missing(at(8)), journal.kept(at(8)).length, journal.kept(null).length]).toEqual([
      undefined,
      20_000,
      20_000,
    ]);
    expect(journal.lostBeyond(at(8))).toBe(5);
    expect(journal.lostBeyond(at(10))).toBe(0);
    expect(journal.lostBeyond(at(4))).toBeNull();
    expect(values(journal.kept(at(20_008), 1))).toEqual([20_009, 20_010]);
    journal.forgetUpTo([at(9)]);
    expect(journal.lostBeyond(at(8))).toBe(5);
    // Every replica has what was dropped: nothing of it can be lost any more.
    journal.forgetUpTo([at(12), at(13)]);
    for (let n = 20_011; n <= 20_013; n++) journal.add([bind(insert, n)], at(n), n);
    expect(journal.lostBeyond(at(12))).toBe(1);
    journal.startAt(at(3));
    expect([journal.lostBeyond(at(3)), journal.lostBeyond(at(2))]).toEqual([0, null]);
  });

  it('stays bounded in size and in age', () => {
    const journal = new WriteJournal(at(0), reached);
    const long = 'x'.repeat(1_000_000);
    for (let n = 1; n <= 100; n++) journal.add([bind(insert, long)], at(n), n);
    expect(journal.size).toBe(64);
    journal.add([bind(insert, 1)], at(200), 16 * 60_000);
    expect(journal.size).toBe(1);
  });

  it('knows the newest position, whatever the order of acknowledgement', () => {
    expect(journalOf(10, 30, 20).newest).toBe(at(30));
  });

  it('starts anew in another history', () => {
    const journal = journalOf(10, 20);
    journal.startAt(at(5));
    expect(journal.missing(at(5))).toEqual([]);
    expect(journal.missing(at(4))).toBeUndefined();
    expect(journal.newest).toBe(at(5));
  });
});
