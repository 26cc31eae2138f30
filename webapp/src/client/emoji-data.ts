/** Where our own copy of the emoji data lies. */
export const emojiDataAddress = '/emoji';

/** `[emoji, name, ...other names]` per emoji. */
export async function loadEmojiNames(): Promise<string[][]> {
  const answer = await fetch(`${emojiDataAddress}/names.json`);
  if (!answer.ok) throw new Error(`The emoji names could not be loaded: status ${answer.status}.`);
  return (await answer.json()) as string[][];
}
