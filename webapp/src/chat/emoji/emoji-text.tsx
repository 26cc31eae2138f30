import { useEmoji } from './emoji-names.ts';

/** An emoji by its name; the name itself while it is not known. */
export function EmojiText({ name }: { name: string }) {
  const emoji = useEmoji(name);
  return emoji === undefined ? `:${name}:` : <span title={`:${name}:`}>{emoji}</span>;
}
