import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './json-scan.ts';

const faultOf = (text: string): string => {
  const result = scanJson(text);
  return 'fault' in result ? `${result.fault.line}:${result.fault.column} ${result.fault.message}` : 'none';
};

describe('scanJson', () => {
  it.each([
    ['{\n  "a": 1,\n}', '3:1 A name in double quotes is missing: the comma before it is one too many.'],
    ['{\n  "a": [1, 2,]\n}', '2:14 A value is missing: the comma before it is one too many.'],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 A comma or a } is missing before this.'],
    ['{ "a": [1 2] }', '1:11 A comma or a ] is missing before this.'],
    ['{ "a" 1 }', '1:7 A colon is missing after the name.'],
    ["{ 'a': 1 }", '1:3 A name in double quotes is missing: use double quotes.'],
    ['{ "a": 1, // one\n}', '1:11 JSON knows no comments.'],
    ['{ "a": "x\n" }', '1:10 A line break or control character stands in a string: a double quote is missing.'],
    [String.raw`{ "a": "C:\dir" }`, '1:11 A backslash in a string must be written twice.'],
    ['{ "a": "x', '1:10 The text ends inside of a string: a double quote is missing.'],
    ['{ "a": {', '1:9 The text ends too early: it is half-written, or a closing bracket is missing.'],
    ['{} }', '1:4 The text goes on after its end: a } or a quote stands too early.'],
    ['{ "a": True }', '1:8 A value is missing.'],
    ['{ "a": 01 }', '1:9 A comma or a } is missing before this.'],
    ['[[', '1:3 The text ends too early: it is half-written, or a closing bracket is missing.'],
    ['[1 [', '1:4 A comma or a ] is missing before this.'],
    [`${'['.repeat(70)}`, '1:66 Nested deeper than 64 levels.'],
  ])('finds the fault in %j', (text, expected) => {
    expect(faultOf(text)).toBe(expected);
  });

  it('knows where values stand and which names stand twice', () => {
    const result = scanJson('{\n  "A": { "x": 1,\n    "y": ["p", "q"] },\n  "A": 2\n}');
    if ('fault' in result) throw new Error(result.fault.message);
    expect(Object.fromEntries(result.map.positions)).toMatchObject({
      'A.x': { line: 2, column: 15 },
      'A.y[1]': { line: 3, column: 16 },
    });
    expect(result.map.repeated).toEqual([{ path: 'A', at: { line: 4, column: 3 } }]);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\ \n\t0123456789-+.eEtrufalsn/#é\u0001'.split(''),
      'true',
      'null',
      '"a"',
      '\\u00e9',
    );
    const broken = fc.array(pieces, { maxLength: 12 }).map((each) => each.join(''));
    const damaged = fc
      .tuple(fc.json(), fc.nat(), pieces)
      .map(
        ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, damaged, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect('map' in scanJson(text)).toBe(valid);
      }),
      { numRuns: 5_000 },
    );
  });
});
