export { createMembershipStore, type MembershipStore, type UserMemberships } from './membership-store.ts';
