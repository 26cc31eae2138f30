import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Checker } from './checker.ts';
import { listSources } from './list-files.ts';

const NAMELESS = /^(?:utils?|misc)\b/i;
// Written so that this file does not look like a suppression itself.
const SUPPRESSION =
  /(?:\/\/|\/\*|\{\/\*)\s*(?:(?:oxlint|eslint)-disable[\w-]*|@ts-(?:ignore|expect-error|nocheck)|biome-ignore)\b(.*)/;
const REASON = /(?:--|:)\s*\S+\s+\S+/;

/** House rules that no bought tool holds: files are named after an idea, and whoever silences a checker says why on the same line. */
export const sourceRulesChecker: Checker = {
  name: 'source rules',
  async run(root) {
    const files = await listSources(root);
    const findings = await Promise.all(
      files.map(async (file) => [
        ...nameFindings(file),
        ...suppressionFindings(file, await readFile(join(root, file), 'utf8')),
      ]),
    );
    return { findings: findings.flat(), checked: files.length, unit: 'files' };
  },
};

function nameFindings(file: string): string[] {
  return NAMELESS.test(basename(file)) ? [`${file}: name the file after the one idea in it`] : [];
}

function suppressionFindings(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const suppression = SUPPRESSION.exec(line);
    if (suppression === null || REASON.test(suppression[1] ?? '')) return [];
    return [`${file}:${index + 1}: a silenced checker needs its reason on the same line: "... -- why"`];
  });
}
