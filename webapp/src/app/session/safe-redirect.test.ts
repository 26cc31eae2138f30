import { describe, expect, it } from 'vitest';
import { safeRedirect } from './safe-redirect.ts';

describe('safeRedirect', () => {
  it('follows addresses of this site', () => {
    expect(safeRedirect('/harbour/channels/town-square?thread=x')).toBe('/harbour/channels/town-square?thread=x');
  });
  it.each([undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'leads to the start instead of %s',
    (target) => {
      expect(safeRedirect(target)).toBe('/');
    },
  );
});
