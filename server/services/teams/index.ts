export { TeamService } from './team-service.ts';
