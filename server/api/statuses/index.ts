export { createStatusesRoutes } from './statuses.routes.ts';
