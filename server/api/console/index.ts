export { createConsoleRoutes } from './console-routes.ts';
