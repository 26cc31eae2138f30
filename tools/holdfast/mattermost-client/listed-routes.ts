import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/api-coverage.md'), 'utf8');

export interface ListedRoute {
  readonly method: string;
  /** `/users/{user_id}/teams`. */
  readonly path: string;
  /** The feature is not there: a refusal in Mattermost's form is the answer. */
  readonly refused: boolean;
}

/** Every route of the server: a test of its own holds that page against the routes. */
export const listedRoutes: readonly ListedRoute[] = [
  ...page.matchAll(/^\| `([A-Z]+) (\/\S+)` \| (yes|empty|501) \|/gm),
].map(([, method = '', path = '', state]) => ({ method, path, refused: state === '501' }));
