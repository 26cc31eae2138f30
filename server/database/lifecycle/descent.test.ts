import { describe, expect, it } from 'vitest';
import { WriteJournal } from '../query/journal.ts';
import { bind, statement } from '../query/statement.ts';
import { judgeDescent } from './descent.ts';

const insert = statement('t.insert', 'INSERT');
const at = (n: number): string => n.toString().padStart(6, '0');

/** Acknowledged at 11, 12, ..., of which the oldest were dropped. */
function journalOf(writes: number): WriteJournal {
  const journal = new WriteJournal(at(10), (position, atLeast) => position >= atLeast);
  for (let n = 11; n <= 10 + writes; n++) journal.add([bind(insert, n)], at(n), n);
  return journal;
}

const left = (n: number) => ({ kind: 'left', at: at(n) }) as const;

describe('a coming master', () => {
  it('that has everything, or gets it, loses nothing', () => {
    expect(judgeDescent(left(13), journalOf(3), true)).toEqual({
      text: 'It has every write that was acknowledged by this server.',
    });
    expect(judgeDescent(left(12), journalOf(3), true)).toEqual({
      text: 'It lacks 1 acknowledged write: kept here, and carried over.',
    });
    expect(judgeDescent({ kind: 'same', at: at(13) }, journalOf(3), true)).toEqual({
      text: 'It has every acknowledged write: it is the running master.',
    });
  });

  it('that left too long ago loses at most what was dropped, and gets the rest', () => {
    const { text, lacking } = judgeDescent(left(12), journalOf(20_005), true);
    expect(text).toMatch(/^It left the old master too long ago.* Rebuild it and let it catch up\.$/);
    expect(lacking?.loss).toBe(
      'This gives up at most 5 acknowledged writes. What is kept here is carried over: 20000 acknowledged writes.',
    );
  });

  it('that left before the journal began loses nobody knows how much', () => {
    expect(judgeDescent(left(9), journalOf(0), true).lacking?.loss).toBe(
      'Acknowledged writes that it lacks are given up; how many is not known.',
    );
  });

  it('that went back in time gets what it has lost', () => {
    expect(judgeDescent({ kind: 'same', at: at(12) }, journalOf(3), false)).toEqual({
      text: 'It lacks writes that were acknowledged. Rebuild it and let it catch up.',
      lacking: {
        why: 'It lacks writes that were acknowledged.',
        loss: 'No acknowledged write is given up. What is kept here is carried over: 1 acknowledged write.',
      },
    });
  });

  it('that is a stranger gets everything that is kept, and may lack more', () => {
    expect(judgeDescent({ kind: 'stranger', why: 'It is one.' }, journalOf(2), true)).toEqual({
      text: 'It is one. Rebuild it and let it catch up.',
      lacking: {
        why: 'It is one.',
        loss:
          'Acknowledged writes that it lacks are given up; how many is not known. ' +
          'What is kept here is carried over: 2 acknowledged writes.',
      },
    });
  });
});
