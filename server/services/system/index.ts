export { builtInRoles, type Role } from './built-in-roles.ts';
export { SystemService } from './system-service.ts';
