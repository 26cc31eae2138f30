import { randomId } from './random-id.ts';

/**
 * A name for an address, out of a display name: lower-case letters, digits and dashes, at most 64.
 * Empty when nothing usable is left (a name in another script): the caller makes one up.
 */
export function slugOf(displayName: string): string {
  return displayName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
}

/** `slugOf`, or a random name when that is too short for the server. */
export function addressOf(displayName: string): string {
  const slug = slugOf(displayName);
  return slug.length >= 2 ? slug : `c-${randomId().slice(0, 8)}`;
}
