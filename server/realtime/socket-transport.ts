import type { Server as HttpServer } from 'node:http';
import type { Logger } from '../observability/index.ts';
import type { ActionDeps, ActionHandler } from './actions.ts';
import type { Hub } from './hub.ts';
import type { OriginRules } from './origin.ts';
import type { SocketIdentityDeps } from './socket-identity.ts';

/** What a transport stands on; the same for all of them. */
export interface TransportDeps extends SocketIdentityDeps {
  readonly hub: Pick<Hub, 'open'>;
  readonly actions: ActionHandler;
  readonly refusal: ActionDeps['refusal'];
  readonly originRules: () => OriginRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** A way for clients to the hub. Each passes the suite of `transport.contract.ts`. */
export interface SocketTransport {
  /** Serves its path on this server. Called after the request handler was set, before listening. */
  attach(server: HttpServer): void;
  /** Refuses new sockets and closes those that are open. */
  close(): void;
}

/** Largest message from a client, in bytes: Mattermost's. */
export const inboundLimit = 8_192;
