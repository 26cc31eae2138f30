import { expect, test } from 'vitest';
import { formatBytes, formatNumber, formatSeconds, formatShare } from './numbers.ts';

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [1_434, '1.4 KB'],
  [220 * 1024 * 1024, '220 MB'],
  [5 * 1024 ** 5, '5120 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, '0'],
  [0.42, '0.4'],
  [37.4, '37'],
  [1_204.2, '1,204'],
])('%d is shown as %s', (value, text) => expect(formatNumber(value)).toBe(text));

test('seconds and shares', () => {
  expect([formatSeconds(0.16), formatSeconds(41.2), formatShare(1 / 3)]).toEqual(['0.2 s', '41 s', '33 %']);
});
