import { describe, expect, it } from 'vitest';
import { inOrder, mysqlText, withValues } from './mysql-text.ts';

const prepared = (text: string) => mysqlText({ text }).prepared;
const written = (text: string, ...values: unknown[]) => withValues(mysqlText({ text }), values);

describe('placeholders', () => {
  it('become question marks, whatever their number and order', () => {
    const text = mysqlText({ text: 'SELECT $2, $1, $2, $10' });
    expect(text.prepared).toBe('SELECT ?, ?, ?, ?');
    expect(text.order).toEqual([1, 0, 1, 9]);
  });

  it.each([
    ["SELECT '$1', $1", "SELECT '$1', ?"],
    ["SELECT 'it''s $1', $1", "SELECT 'it''s $1', ?"],
    ["SELECT 'it\\'s $1', $1", "SELECT 'it\\'s $1', ?"],
    ['SELECT "a$1", `b$1`, $1', 'SELECT "a$1", `b$1`, ?'],
    ['SELECT $1 -- not $2\n, $2', 'SELECT ? -- not $2\n, ?'],
    ['SELECT /* $1 */ $1', 'SELECT /* $1 */ ?'],
    ["SELECT JSON_EXTRACT($1, '$.id'), '$[*]'", "SELECT JSON_EXTRACT(?, '$.id'), '$[*]'"],
  ])('are none in texts, names and comments: %s', (text, expected) => {
    expect(prepared(text)).toBe(expected);
  });

  it('may be missing although a value is given', () => {
    expect(inOrder(mysqlText({ text: 'SELECT $2' }), ['a', 'b'])).toEqual(['b']);
  });
});

describe('values in a text', () => {
  it.each([
    ["it's", "'it\\'s'"],
    ['back\\slash', "'back\\\\slash'"],
    ['\0\n\r\u001a"', "'\\0\\n\\r\\Z\\\"'"],
    [12, '12'],
    [-1.5, '-1.5'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [true, 'true'],
    [null, 'NULL'],
    [new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)), "'2026-01-02 03:04:05.006'"],
  ])('%s', (value, expected) => {
    expect(written('$1', value)).toBe(expected);
  });

  it('are not read again: what looks like a placeholder in them stays', () => {
    expect(written('SELECT $1, $2', '$2 ?', 'x')).toBe("SELECT '$2 ?', 'x'");
  });

  it('must be there, and be numbers where they are numbers', () => {
    expect(() => written('SELECT $1')).toThrow('no value');
    expect(() => written('SELECT $1', Number.NaN)).toThrow('NaN cannot be stored');
  });
});
