export { builtInRoles, type Role } from './built-in-roles.ts';
export { type ClientConfig, type ClientSettings, fullClientConfig, type ServerVersion } from './client-config.ts';
export { SystemService, type SystemServiceDeps } from './system-service.ts';
