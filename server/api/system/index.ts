export { createSystemRoutes } from './system.routes.ts';
