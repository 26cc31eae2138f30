import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtidPositionOf, normalizeGtids, reachedGtids } from './mysql-positions.ts';

const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const other = '5b1a2c3d-71ca-11e1-9e33-c80aa9429562';

describe('positions of MariaDB', () => {
  it('count within a domain, whoever wrote', () => {
    expect(reachedGtids('0-1-1000', '0-1-999')).toBe(true);
    expect(reachedGtids('0-2-1000', '0-1-1000')).toBe(true);
    expect(reachedGtids('0-1-999', '0-1-1000')).toBe(false);
  });

  it('of several domains have no total order', () => {
    expect(reachedGtids('0-1-5,1-1-7', '0-1-5')).toBe(true);
    expect(reachedGtids('0-1-5', '0-1-5,1-1-7')).toBe(false);
    expect(reachedGtids('0-1-6,1-1-1', '0-1-5,1-1-7')).toBe(false);
    expect(reachedGtids('0-1-5,1-1-7', '0-1-6,1-1-1')).toBe(false);
  });

  it('tell domain 1 from domain 11', () => {
    expect(reachedGtids('11-1-9', '1-1-5')).toBe(false);
  });
});

describe('positions of MySQL', () => {
  it('are the numbers up to which everything is there', () => {
    expect(normalizeGtids(`${other}:1-3,\n${uuid.toUpperCase()}:1-77`)).toBe(`${uuid}:77,${other}:3`);
    expect(normalizeGtids(`${uuid}:1-77:80-90`)).toBe(`${uuid}:77`);
    expect(normalizeGtids(`${uuid}:5`)).toBe(`${uuid}:5`);
  });

  it('have reached the GTID of a write when everything up to it is there', () => {
    expect(reachedGtids(`${uuid}:77,${other}:3`, `${uuid}:77`)).toBe(true);
    expect(reachedGtids(`${uuid}:76,${other}:300`, `${uuid}:77`)).toBe(false);
    expect(reachedGtids(`${other}:300`, `${uuid}:1`)).toBe(false);
  });
});

describe('any position', () => {
  it('has been reached by itself, and by what has reached what has reached it', () => {
    const position = fc
      .dictionary(fc.constantFrom('0', '1', '2'), fc.integer({ min: 1, max: 4 }))
      .map((streams) => Object.entries(streams).map(([domain, n]) => `${domain}-1-${n}`))
      .map((parts) => normalizeGtids(parts.join(',')));
    fc.assert(
      fc.property(position, position, position, (a, b, c) => {
        expect(reachedGtids(a, a)).toBe(true);
        expect(reachedGtids(a, '')).toBe(true);
        if (reachedGtids(a, b) && reachedGtids(b, c)) expect(reachedGtids(a, c)).toBe(true);
        if (reachedGtids(a, b) && reachedGtids(b, a)) expect(a).toBe(b);
      }),
    );
  });

  it('is none where the server keeps none', () => {
    expect(gtidPositionOf([{ position: '' }])).toBeNull();
    expect(gtidPositionOf([])).toBeNull();
  });
});
