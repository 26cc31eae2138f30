export * from './permissions.ts';
export { type Permission, permissionsOf, type RoleName, systemRoles } from './roles.ts';
