export { attachTransports } from './attach-transports.ts';
export { createHub, type Hub } from './hub.ts';
export { createMattermostTransport } from './mattermost/transport.ts';
export { createSocketIoTransport } from './socket-io/transport.ts';
export type { SocketTransport } from './socket-transport.ts';
