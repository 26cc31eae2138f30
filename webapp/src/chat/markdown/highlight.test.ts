import { describe, expect, it } from 'vitest';
import { highlight } from './highlight.ts';

describe('highlight', () => {
  it('loses and adds no letter', () => {
    const code = `const a = "<b>&'x'";\n// ${'${a}'} <span class="x">\nif (a < 1 && b > 2) {}`;
    const pieces = highlight(code, 'ts');
    expect(pieces.map((piece) => piece.text).join('')).toBe(code);
    expect(pieces.find((piece) => piece.text === 'const')?.scope).toContain('hljs-keyword');
  });
  it('leaves an unknown language plain', () => {
    expect(highlight('a < b', 'klingon')).toEqual([{ scope: '', text: 'a < b' }]);
  });
});
