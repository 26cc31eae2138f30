export { namesIn, type UserFilter } from './user-filter.ts';
export { type FullUser, toUser, userColumns, type UserRow } from './user-row.ts';
export { createUserStore, emailKey, type NewUser, usernameKey, type UserPatch, type UserStore } from './user-store.ts';
