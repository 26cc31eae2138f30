export type { RateLimit } from './rate-limit.ts';
export { type ApiOptions, createApi, type ExchangeSample, type PlainRoute } from './application.ts';
export type { CausalitySource } from './authenticate.ts';
export {
  type Access,
  Answer,
  type Handler,
  type Method,
  type OptionalHandler,
  type PublicHandler,
  RawJson,
  type RouteDefinition,
  type RouteInput,
  type RouteSpec,
  route,
} from './route.ts';
export { keyOf, permissionsAtDoor } from './door.ts';
export { Download } from './download.ts';
export { Tagged, taggedByText } from './tagged.ts';
export { receivePicture } from './receive-picture.ts';
export { announcedBytes, bytesOf, isForm, readForm, throwAway } from './incoming.ts';
export { errorBodyOf, toAppError } from './errors.ts';
export { baseHeaders, pagePolicy } from './security-headers.ts';
export { strangerOf } from './stranger.ts';
export { flagOf, idOf, integerOf, invalidBodyParam, invalidUrlParam, limitsOf, pageOf } from './url.ts';
