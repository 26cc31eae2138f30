export { createRoleStore, type RoleStore } from './role-store.ts';
