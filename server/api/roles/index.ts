export { createRolesRoutes } from './roles.routes.ts';
