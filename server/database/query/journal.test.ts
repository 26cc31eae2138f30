import { describe, expect, it } from 'vitest';
import { WriteJournal } from './journal.ts';
import { bind, statement } from './statement.ts';

const insert = statement('t.insert', 'INSERT');
const at = (n: number): string => n.toString(16).padStart(16, '0');
const journalOf = (...positions: number[]): WriteJournal => {
  const journal = new WriteJournal(at(0));
  for (const n of positions) journal.add([bind(insert, n)], at(n), n);
  return journal;
};
const values = (entries: ReturnType<WriteJournal['missing']>) =>
  entries?.map((entry) => entry.statements[0]?.values[0]);

describe('WriteJournal', () => {
  it('gives what lies beyond the fork, in order', () => {
    expect(values(journalOf(10, 20, 30).missing(at(10), true))).toEqual([20, 30]);
    expect(values(journalOf(10, 20, 30).missing(at(30), true))).toEqual([]);
  });

  it('forgets what every replica has, and gives the rest', () => {
    const journal = journalOf(10, 20, 30);
    journal.forgetUpTo(at(20));
    expect(journal.size).toBe(1);
    expect(values(journal.missing(at(20), true))).toEqual([30]);
  });

  it('gives all it has to a former replica whose fork cannot be told', () => {
    const journal = journalOf(10, 20, 30);
    journal.forgetUpTo(at(10));
    expect(values(journal.missing(null, true))).toEqual([20, 30]);
  });

  it('cannot tell for a database that was not watched when something was forgotten after its fork', () => {
    const journal = journalOf(10, 20, 30);
    journal.forgetUpTo(at(20));
    expect(journal.missing(at(10), false)).toBeUndefined();
    expect(values(journal.missing(at(20), false))).toEqual([30]);
    expect(journal.missing(null, false)).toBeUndefined();
  });

  it('cannot tell what came before it began', () => {
    const journal = new WriteJournal(at(100));
    expect(journal.missing(at(99), true)).toBeUndefined();
    expect(journal.missing(at(100), true)).toEqual([]);
  });

  it('stays bounded, and then refuses to guess', () => {
    const journal = new WriteJournal(at(0));
    for (let n = 1; n <= 30_000; n++) journal.add([bind(insert, n)], at(n), n);
    expect(journal.size).toBe(20_000);
    expect(journal.missing(at(9_999), true)).toBeUndefined();
    expect(journal.missing(at(10_000), true)).toHaveLength(20_000);
  });

  it('starts anew on another master', () => {
    const journal = journalOf(10, 20);
    journal.startAt(at(50));
    expect(journal.missing(at(50), true)).toEqual([]);
    expect(journal.missing(at(20), true)).toBeUndefined();
  });
});
