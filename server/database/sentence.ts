/** A driver's words as a sentence: others are put behind it. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
