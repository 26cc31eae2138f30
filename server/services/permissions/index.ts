export { ancillaryOf } from './ancillary.ts';
export { mayChangeSetting, visibleSettings } from './config-access.ts';
export { allPermissions, isPermission, isSystemWide, type Permission } from './names.ts';
export * from './permissions.ts';
export { defaultGrants, defaultPermissions, type RoleName, roleNames, systemRoles } from './roles.ts';
