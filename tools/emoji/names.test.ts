import { expect, it } from 'vitest';
import { emojiName } from '../../contract/index.ts';
import { systemEmojiNames } from '../../server/services/emoji/system-emoji-names.ts';
import { deriveNames } from './derive-names.ts';

it('the server knows the names that the webapp has; else `npm run emoji-names`', () => {
  expect([...systemEmojiNames]).toEqual(deriveNames());
  expect(systemEmojiNames.size).toBeGreaterThan(2_000);
  expect(systemEmojiNames.has('smile') && systemEmojiNames.has('+1')).toBe(true);
});

it('are such as a reaction can have', () => {
  expect([...systemEmojiNames].filter((name) => !emojiName.safeParse(name).success)).toEqual([]);
});
