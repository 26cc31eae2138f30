import type { Administration } from '../../services/index.ts';
import type { RouteSpec } from '../http/index.ts';
import { createAbsentRoutes } from './absent.routes.ts';
import { createAuditsRoutes } from './audits.routes.ts';
import { createJobsRoutes } from './jobs.routes.ts';
import { createLogsRoutes } from './logs.routes.ts';
import { createServerRoutes } from './server.routes.ts';
import { createStatisticsRoutes } from './statistics.routes.ts';

/** What Mattermost's System Console and its command line ask for beside configuration and databases. */
export function createAdministrationRoutes(administration: Administration): RouteSpec[] {
  return [
    ...createLogsRoutes(administration.logs),
    ...createStatisticsRoutes(administration),
    ...createAuditsRoutes(administration),
    ...createJobsRoutes(administration),
    ...createServerRoutes(administration),
    ...createAbsentRoutes(),
  ];
}
