import type { Server } from 'node:http';
import { type ActionDeps, createActionHandler } from './actions.ts';
import { createMattermostTransport } from './mattermost/transport.ts';
import { createSocketIoTransport } from './socket-io/transport.ts';
import type { SocketTransport, TransportDeps } from './socket-transport.ts';

type AttachDeps = Omit<TransportDeps, 'actions' | 'hub'> & ActionDeps & { readonly hub: TransportDeps['hub'] };

/** Puts the ways to the hub on a server: socket.io for the webapp, the websocket for Mattermost's clients. */
export function attachTransports(server: Server, deps: AttachDeps): SocketTransport[] {
  const all = { ...deps, actions: createActionHandler(deps) };
  const transports = [createSocketIoTransport(all), createMattermostTransport(all)];
  for (const transport of transports) transport.attach(server);
  return transports;
}
