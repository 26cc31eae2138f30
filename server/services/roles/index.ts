export { RoleService, type RoleServiceDeps } from './role-service.ts';
