import { hash } from 'node:crypto';
import { RawJson } from './route.ts';

/**
 * An answer that the client may have already. A handler returns it in the place of a value; `load` is called only when the client has
 * not, and may give another one, whose tag then counts: a cheap question decides, and the tag that is sent belongs to what is sent.
 */
export class Tagged {
  /** Another one for another value. The version of the server is put in front of it: a restart must not keep old answers. */
  readonly tag: string;
  readonly load: () => Promise<unknown>;
  constructor(tag: string, load: () => Promise<unknown>) {
    this.tag = tag;
    this.load = load;
  }
}

/** A value with a tag of all that is in it. */
export function taggedByText(value: unknown): Tagged {
  const text = JSON.stringify(value);
  return new Tagged(hash('sha256', text, 'base64url').slice(0, 27), async () => new RawJson(text));
}
