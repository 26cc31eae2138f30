import { writeFile } from 'node:fs/promises';
import { describeRoutes } from '../../server/api/openapi/index.ts';
import { everyRoute } from '../../server/api/testing/every-route.ts';

// `npm run openapi`: the description of the API that stands in the repository, so that a change of it is seen.
const file = new URL('../../docs/openapi.json', import.meta.url);
await writeFile(file, `${JSON.stringify(describeRoutes(everyRoute()), null, 1)}\n`);
