export { createHealthRoutes, type HealthDeps } from './health.routes.ts';
