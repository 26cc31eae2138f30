export { createHealthRoutes } from './health.routes.ts';
