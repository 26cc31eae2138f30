export * from './permissions.ts';
export { type Permission, type RoleName, systemRoles } from './roles.ts';
