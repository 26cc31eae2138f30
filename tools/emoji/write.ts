import { writeFileSync } from 'node:fs';
import { deriveNames } from './derive-names.ts';

// `npm run emoji-names`: the server's list of names. The package that they come from is 49 MB, and only the webapp's build needs it.
const lines: string[] = [];
for (const name of deriveNames()) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + name.length < 139) lines[lines.length - 1] = `${last} ${name}`;
  else lines.push(name);
}
const text = `/** Names of the emoji that everybody has: no other one may take them. Made by \`npm run emoji-names\`. */
export const systemEmojiNames: ReadonlySet<string> = new Set(
  \`
${lines.join('\n')}
\`
    .trim()
    .split(/\\s+/),
);
`;
writeFileSync(new URL('../../server/services/emoji/system-emoji-names.ts', import.meta.url), text);
