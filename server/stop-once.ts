import type { Server } from 'node:http';
import type { ConsoleService } from './console/index.ts';
import type { Logger } from './observability/index.ts';
import type { Hub, SocketTransport } from './realtime/index.ts';
import type { Administration, RoleService, StatusService } from './services/index.ts';

/** The parts of a running server that have an end. */
export interface Stoppable {
  readonly ground: {
    readonly config: { close(): void };
    readonly layer: { close(limitMs: number): Promise<void> };
    readonly logger: Logger;
    readonly serving: { now: boolean };
  };
  readonly services: {
    readonly hub: Hub;
    readonly statuses: StatusService;
    readonly roles: RoleService;
    readonly administration: Pick<Administration, 'stop'>;
  };
  readonly console: ConsoleService;
  readonly listener: { readonly server: Server; readonly transports: readonly SocketTransport[] };
  /** How long work in the databases may take to end. */
  readonly limitMs: number;
}

/** Ends the parts from the outside inwards: no new work, work in flight, histories, databases. */
export function stopOnce(parts: Stoppable): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const { ground, services, console, listener, limitMs } = parts;
    const { config, layer, logger } = ground;
    ground.serving.now = false;
    config.close();
    listener.server.close();
    for (const transport of listener.transports) transport.close();
    services.hub.stop();
    listener.server.closeIdleConnections();
    services.roles.stop();
    await Promise.all([services.statuses.stop(), services.administration.stop()]);
    await console.close();
    await layer.close(limitMs);
    listener.server.closeAllConnections();
    logger.info('server.stopped');
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}
