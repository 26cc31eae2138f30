import { z } from 'zod';

const error = 'Must be an address such as "http://db1:8008": http or https, a host and a port, no user, no path.';

/** One entry of `PatroniUrls`. Without a user and a path it cannot hold a secret. */
export const patroniUrl = z.string({ error }).refine(isPlainAddress, { error });

function isPlainAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.host === '') return false;
  return url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '';
}
