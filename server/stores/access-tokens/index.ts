export {
  type AccessTokenStore,
  createAccessTokenStore,
  type NewAccessToken,
  type TokenPage,
} from './access-token-store.ts';
