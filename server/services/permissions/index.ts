export type { Permission } from './names.ts';
export * from './permissions.ts';
export { defaultPermissions, type RoleName, roleNames, systemRoles } from './roles.ts';
