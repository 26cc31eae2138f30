import { inspect } from 'node:util';
import type { Secret } from './data-source.ts';

/** What stands in place of a secret, everywhere. */
export const MASK = '••••';

/** The text sits in a private field, so that neither enumeration, cloning nor the inspector can find it. */
class HiddenText implements Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Hides `text` from logs, errors and JSON; only `reveal()` gives it back. */
export const createSecret = (text: string): Secret => Object.freeze(new HiddenText(text));
