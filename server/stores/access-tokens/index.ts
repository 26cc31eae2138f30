export { type AccessTokenStore, createAccessTokenStore, type NewAccessToken } from './access-token-store.ts';
