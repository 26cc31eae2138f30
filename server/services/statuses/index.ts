export { StatusService } from './status-service.ts';
