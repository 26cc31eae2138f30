export { AccessTokenService, type AccessTokenServiceDeps } from './access-token-service.ts';
