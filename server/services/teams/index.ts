export { TeamService, type TeamServiceDeps } from './team-service.ts';
