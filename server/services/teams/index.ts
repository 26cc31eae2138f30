export { type TeamImage, TeamImages } from './team-images.ts';
export { TeamService } from './team-service.ts';
