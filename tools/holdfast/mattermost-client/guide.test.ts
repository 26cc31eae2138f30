import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const guides = resolve(import.meta.dirname, '../../../docs/guides');
const page = readFileSync(resolve(guides, 'mattermost-clients.md'), 'utf8');

const chapter = (title: string): string => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const numbersOf = (text: string): number[] => [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

it('the guide has a row for every trap and every mistake', () => {
  expect(numbersOf(chapter('Traps'))).toEqual(upTo(15));
  expect(numbersOf(chapter('What small clones get wrong'))).toEqual(upTo(24));
});

it('every test that the guide names is there, and every row names one', () => {
  const rows = page.split('\n').filter((line) => /^\| \d+ \|/.test(line));
  for (const row of rows) {
    const named = [...row.matchAll(/\*([^*]+)\* in \[[^\]]+\]\(([^)]+)\)/g)];
    expect(named.length, row).toBeGreaterThan(0);
    for (const [, title = '', file = ''] of named) {
      const isThere = readFileSync(resolve(guides, file), 'utf8').includes(`('${title}', `);
      expect(isThere, `${title} in ${file}`).toBe(true);
    }
  }
});
