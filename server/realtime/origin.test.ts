import { describe, expect, it } from 'vitest';
import { isAllowedOrigin } from './origin.ts';

const rules = { siteUrl: 'https://chat.example.com/team', allowCorsFrom: '' };

describe('isAllowedOrigin', () => {
  it.each([
    ['a program, which sends none', undefined, 'localhost:8065', true],
    ['the page of this server', 'http://localhost:8065', 'localhost:8065', true],
    ['the page at the site URL behind a proxy', 'https://chat.example.com', '10.0.0.3:8065', true],
    ['another site', 'https://evil.example.com', 'chat.example.com', false],
    ['another port of this host', 'http://localhost:3000', 'localhost:8065', false],
    ['a page without an origin', 'null', 'localhost:8065', false],
    ['the site URL without encryption', 'http://chat.example.com', 'other', false],
  ])('%s', (_name, origin, host, expected) => {
    expect(isAllowedOrigin(origin, host, rules)).toBe(expected);
  });

  it('lets in what the admin allows, by name or all', () => {
    const allow = (allowCorsFrom: string) =>
      isAllowedOrigin('https://a.example', 'localhost:8065', { siteUrl: '', allowCorsFrom });
    expect(allow('https://b.example https://a.example')).toBe(true);
    expect(allow('*')).toBe(true);
    expect(allow('https://b.example')).toBe(false);
    expect(allow('')).toBe(false);
  });
});
