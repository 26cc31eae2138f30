import { z } from 'zod';

/** Bounds and default of a number; the unit belongs to the setting's name. */
export interface NumberField {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/**
 * The kinds of settings. Each has a default and one message that says what is allowed, whatever is wrong with the
 * value: an operator needs the rule, not the way in which it was broken.
 */
export const field = {
  wholeNumber: ({ min, max, fallback }: NumberField) => {
    const error = `Must be a whole number from ${min} to ${max}, without quotes.`;
    return z.int({ error }).min(min, { error }).max(max, { error }).default(fallback);
  },
  flag: (fallback: boolean) => z.boolean({ error: 'Must be true or false, without quotes.' }).default(fallback),
  text: (fallback: string) => z.string({ error: 'Must be a text in double quotes.' }).default(fallback),
  textList: () =>
    z
      .array(z.string({ error: 'Must be a text in double quotes.' }), {
        error: 'Must be a list of texts: ["...", "..."].',
      })
      .default([]),
  oneOf: <const T extends readonly [string, ...string[]]>(choices: T, fallback: T[number]) =>
    z
      .enum(choices, { error: `Must be one of ${choices.map((each) => `"${each}"`).join(', ')}.` })
      .default(fallback as z.util.NoUndefined<T[number]>),
} as const;

/** `['A', 0, 'B']` as an operator reads it: `A[0].B`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
