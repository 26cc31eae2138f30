/** Edits (insert, delete, replace one character) between two texts. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [at, character] of [...a].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The name that was probably meant: the same but for letter case, or at most two edits away. */
export const closest = (name: string, names: readonly string[]): string | undefined => {
  const lower = name.toLowerCase();
  const ranked = names
    .filter((each) => Math.abs(each.length - name.length) <= 2)
    .map((each) => ({ each, edits: distance(lower, each.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= 2 ? best.each : undefined;
};
