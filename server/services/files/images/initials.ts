/** The letters as strokes on a field of 10 by 14: no font has to be there, and every machine draws the same. */
const strokes: Readonly<Record<string, string>> = {
  a: 'M0 14 5 0 10 14M1.8 9H8.2',
  b: 'M1 7H5.5A3.5 3.5 0 0 1 5.5 14H1V0H5A3.5 3.5 0 0 1 5 7',
  c: 'M9.7 3.2A5 7 0 1 0 9.7 10.8',
  d: 'M1 0H4A6 7 0 0 1 4 14H1Z',
  e: 'M9 0H1V14H9M1 7H7.5',
  f: 'M9 0H1V14M1 7H7.5',
  g: 'M9.5 3A5 7 0 1 0 9.7 11V7.5H6.2',
  h: 'M1 0V14M9 0V14M1 7H9',
  i: 'M5 0V14',
  j: 'M8 0V10A3.5 4 0 0 1 1 10',
  k: 'M1 0V14M9 0 1 8M4 5.2 9.3 14',
  l: 'M1.5 0V14H9',
  m: 'M0 14V0L5 9 10 0V14',
  n: 'M1 14V0L9 14V0',
  o: 'M5 0A5 7 0 0 1 5 14A5 7 0 0 1 5 0Z',
  p: 'M1 14V0H5.5A4 4 0 0 1 5.5 8H1',
  q: 'M5 0A5 7 0 0 1 5 14A5 7 0 0 1 5 0ZM6.2 10 10 14.6',
  r: 'M1 14V0H5.5A4 4 0 0 1 5.5 8H1M5 8 9.3 14',
  s: 'M9 2.5C8-.8 1-1 1 3.5C1 8 9.3 6 9.3 10.5C9.3 15 1.5 15 .7 11',
  t: 'M0 0H10M5 0V14',
  u: 'M1 0V9A4 5 0 0 0 9 9V0',
  v: 'M0 0 5 14 10 0',
  w: 'M0 0 2.5 14 5 4 7.5 14 10 0',
  x: 'M.5 0 9.5 14M9.5 0 .5 14',
  y: 'M0 0 5 7.5 10 0M5 7.5V14',
  z: 'M1 0H9L1 14H9',
};

/** Dark enough for white letters. */
const colours = [
  '#1d4ed8',
  '#0f766e',
  '#15803d',
  '#4d7c0f',
  '#a16207',
  '#c2410c',
  '#b91c1c',
  '#be185d',
  '#a21caf',
  '#7e22ce',
  '#4338ca',
  '#0369a1',
] as const;

/** The generated picture of a user. */
export interface Initials {
  /** One or two letters, in lower case. */
  readonly letters: string;
  readonly colour: string;
  /** The same for the same picture, another one for every other. */
  readonly version: number;
}

/** Change it when the drawing changes: the pictures are kept by browsers under their version. */
const DRAWING = 1;

/** Up to two letters: of `ada.lovelace` a and l. The colour comes from the id, so that a new name keeps it. */
export function initialsOf(userId: string, username: string): Initials {
  const parts = username
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  const letters = (parts[0]?.[0] ?? 'x') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : '');
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  const index = sum % colours.length;
  const [first = 0, second = 0] = [...letters].map((letter) => letter.charCodeAt(0) - 96);
  const version = ((DRAWING * 100 + index) * 100 + first) * 100 + second;
  return { letters, colour: colours[index] ?? colours[0], version };
}

export function initialsSvg({ letters, colour }: Initials, side: number): string {
  const two = letters.length > 1;
  const scale = two ? 2.5 : 3.6;
  const step = 15 * scale;
  const left = (128 - (two ? step + 10 * scale : 10 * scale)) / 2;
  const top = (128 - 14 * scale) / 2;
  const paths = [...letters].map(
    (letter, index) =>
      `<path transform="translate(${left + index * step} ${top}) scale(${scale})" d="${strokes[letter] ?? ''}"/>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 128 128">` +
    `<rect width="128" height="128" fill="${colour}"/>` +
    `<g fill="none" stroke="#fff" stroke-width="${two ? 2 : 1.7}" stroke-linecap="round" stroke-linejoin="round">` +
    `${paths.join('')}</g></svg>`
  );
}
