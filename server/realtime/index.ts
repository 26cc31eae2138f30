export { type ActionDeps, type ActionStatuses, createActionHandler } from './actions.ts';
export type { Memberships } from './audience.ts';
export { createHub, type Hub, type HubDeps, type PresenceListener } from './hub.ts';
export type { OriginRules } from './origin.ts';
export { createSocketIoTransport, type SocketIoDeps, type SocketTransport } from './socket-io/transport.ts';
