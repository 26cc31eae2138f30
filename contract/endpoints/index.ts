import { administrationEndpoints } from './administration.ts';
import { channelEndpoints } from './channels.ts';
import { draftEndpoints } from './drafts.ts';
import type { Endpoints } from './endpoint.ts';
import { extensionEndpoints } from './extensions.ts';
import { postEndpoints } from './posts.ts';
import { roleEndpoints } from './roles.ts';
import { searchEndpoints } from './search.ts';
import { systemEndpoints } from './system.ts';
import { teamEndpoints } from './teams.ts';
import { threadEndpoints } from './threads.ts';
import { userEndpoints } from './users.ts';

export { type Endpoint, type Endpoints, queryParameters, type QueryName } from './endpoint.ts';

/** Every endpoint of `/api/v4`, by method and path. */
export const endpoints: Endpoints = {
  ...userEndpoints,
  ...extensionEndpoints,
  ...teamEndpoints,
  ...channelEndpoints,
  ...postEndpoints,
  ...threadEndpoints,
  ...draftEndpoints,
  ...roleEndpoints,
  ...searchEndpoints,
  ...systemEndpoints,
  ...administrationEndpoints,
};
