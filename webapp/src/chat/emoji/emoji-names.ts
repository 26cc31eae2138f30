import { useEffect } from 'react';
import { create } from 'zustand';
import { loadEmojiNames } from '../../client/index.ts';

interface EmojiNames {
  /** Name to emoji. */
  readonly byName: ReadonlyMap<string, string>;
  /** Emoji to its first name. */
  readonly byEmoji: ReadonlyMap<string, string>;
}

/** Offered without opening the picker, and known before the data has come. */
export const quickReactions: readonly (readonly [emoji: string, name: string])[] = [
  ['👍', '+1'],
  ['❤️', 'heart'],
  ['😄', 'smile'],
  ['🎉', 'tada'],
];

export const useEmojiNames = create<EmojiNames>()(() => ({
  byName: new Map(quickReactions.map(([emoji, name]) => [name, emoji])),
  byEmoji: new Map(quickReactions),
}));

let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  const rows = await loadEmojiNames();
  const byName = new Map<string, string>();
  const byEmoji = new Map<string, string>();
  for (const [emoji = '', ...names] of rows) {
    byEmoji.set(emoji, names[0] ?? '');
    for (const name of names) byName.set(name, emoji);
  }
  for (const [emoji, name] of quickReactions) byEmoji.set(emoji, name);
  useEmojiNames.setState({ byName, byEmoji });
}

/** Loads all names, once. Without them a name stands for its emoji. */
export function needEmojiNames(): void {
  loading ??= load().catch(() => {
    loading = undefined;
  });
}

/** The emoji of a name; `undefined` while it is not known. */
export function useEmoji(name: string): string | undefined {
  const emoji = useEmojiNames((names) => names.byName.get(name));
  useEffect(() => {
    if (emoji === undefined) needEmojiNames();
  }, [emoji]);
  return emoji;
}
