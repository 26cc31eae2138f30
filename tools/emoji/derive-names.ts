import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The names by which the webapp knows the emoji that everybody has, sorted: those of GitHub and of Slack. */
export function deriveNames(): string[] {
  const sets = ['github', 'iamcal'].map((set) => {
    const file = require.resolve(`emojibase-data/en/shortcodes/${set}.json`);
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string | readonly string[]>>;
  });
  return [...new Set(sets.flatMap((set) => Object.values(set).flat()))].toSorted();
}
