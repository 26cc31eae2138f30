export { type Account, account, ApiClient, RefusedRequest } from './api-client.ts';
export { type Holdfast, type HoldfastOptions, startHoldfast } from './start-holdfast.ts';
