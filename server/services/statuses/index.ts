export { StatusService, type StatusServiceDeps } from './status-service.ts';
