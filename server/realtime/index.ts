export { createActionHandler } from './actions.ts';
export { createHub, type Hub } from './hub.ts';
export { createSocketIoTransport, type SocketTransport } from './socket-io/transport.ts';
