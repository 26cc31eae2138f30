import { z } from 'zod';

const error =
  'Must be "host:port/database=/folder": a name from the Database page and an absolute path on this machine.';
const form = /^([^=]+)=(\/.*|[A-Za-z]:[\\/].*)$/;

/** One entry of `DataFolders`. */
export const dataFolder = z.string({ error }).regex(form, { error });

/** The folders by the name of their data source; of two entries for one name the last counts. */
export function parseDataFolders(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap((entry) => {
      const [, name, folder] = form.exec(entry) ?? [];
      return name === undefined || folder === undefined ? [] : [[name, folder] as const];
    }),
  );
}
