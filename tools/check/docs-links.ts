import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checker } from './checker.ts';
import { listFiles } from './list-files.ts';

const FENCED_CODE = /^ {0,3}(```|~~~)[^\n]*\n[\s\S]*?^ {0,3}\1/gm;
const INLINE_CODE = /`[^`\n]*`/g;
const LINK = /\]\(\s*<?([^)\s>]+)/g;
const OUTSIDE = /^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i;

/** Every relative link in a Markdown page leads to a file of the repository. Addresses outside are not looked at: a check needs no network. */
export const docsLinksChecker: Checker = {
  name: 'docs links',
  async run(root) {
    const pages = await listFiles(root, /\.md$/);
    const findings = await Promise.all(pages.map((page) => brokenLinks(root, page)));
    return { findings: findings.flat(), checked: pages.length, unit: 'pages' };
  },
};

async function brokenLinks(root: string, page: string): Promise<string[]> {
  const text = (await readFile(join(root, page), 'utf8')).replace(FENCED_CODE, '').replace(INLINE_CODE, '');
  const targets = [...text.matchAll(LINK)].map((match) => match[1] ?? '').filter((target) => !OUTSIDE.test(target));
  return targets
    .filter((target) => !existsSync(join(root, dirname(page), decodeURI(target.replace(/[#?].*$/, '')))))
    .map((target) => `${page}: the link to ${target} leads nowhere`);
}
