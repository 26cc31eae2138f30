export {
  AccountService,
  type AccountServiceDeps,
  type AccountSettings,
  type SignedIn,
  type Stranger,
} from './account-service.ts';
export { CustomStatusService, type CustomStatusServiceDeps } from './custom-status-service.ts';
export { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';
export type { Privacy } from './present-user.ts';
export { checkUsername, defaultNotifyProps, refuseTaken } from './account-service.ts';
export { UserService, type UserServiceDeps } from './user-service.ts';
export type { UserFilter } from '../../stores/users/index.ts';
