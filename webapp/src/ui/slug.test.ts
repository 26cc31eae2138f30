import { describe, expect, it } from 'vitest';
import { addressOf, slugOf } from './slug.ts';

describe('slugOf', () => {
  it('keeps letters and digits and joins the rest with dashes', () => {
    expect(slugOf('  Release 2.0: the Plan! ')).toBe('release-2-0-the-plan');
    expect(slugOf('Café Ærø')).toBe('cafe-r');
  });
  it('leaves nothing of a name in another script, and then a name is made up', () => {
    expect(slugOf('日本語')).toBe('');
    expect(addressOf('日本語')).toMatch(/^c-[0-9a-f]{8}$/);
    expect(addressOf('x')).toMatch(/^c-/);
    expect(addressOf('ops')).toBe('ops');
  });
});
