import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { Direction, type Weather } from './direction.ts';

/**
 * What a fault proxy does:
 * - `pass`: carries everything at once.
 * - `latency`: carries everything, `delayMs` later in each direction (a round trip takes twice that more).
 * - `freeze`: the other side hangs. Connections are accepted, nothing is carried; after the next change everything held is.
 * - `blackhole`: the network drops everything. Connections are accepted and never served. At the next change those that were
 *   accepted meanwhile or have lost bytes are destroyed; the others live on.
 * - `reset`: every connection is reset, new ones at once.
 * - `refuse`: every connection is reset, new ones are refused.
 */
export type FaultMode = 'pass' | 'latency' | 'freeze' | 'blackhole' | 'reset' | 'refuse';

export interface FaultProxyOptions {
  /** Where to carry connections to, on 127.0.0.1 unless `targetHost` says else. */
  readonly targetPort: number;
  readonly targetHost?: string;
}

/** A TCP proxy on 127.0.0.1 between a client and a database that behaves as badly as it is told to. */
export interface FaultProxy {
  /** The same as long as the proxy lives, in every mode. */
  readonly port: number;
  readonly mode: FaultMode;
  /** Connections that are open at the moment. */
  readonly connections: number;
  /** Changes the mode for new and existing connections. `delayMs` is for `latency` alone. */
  set(mode: Exclude<FaultMode, 'latency'>): Promise<void>;
  set(mode: 'latency', delayMs: number): Promise<void>;
  /** Sends new connections elsewhere; existing ones stay. */
  retarget(port: number): void;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Starts a proxy in the mode `pass` on a free port. */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new NodeFaultProxy(options);
  await proxy.listen();
  return proxy;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket | undefined;
  readonly directions: readonly Direction[];
}

// A connection accepted in the dark has no other end: a peer without a time-out of its own would wait on it for ever.
function isBroken({ client, upstream, directions }: Link): boolean {
  return upstream === undefined || client.destroyed || upstream.destroyed || directions.some((each) => each.hasLost);
}

/** Something to wait for that happens once. */
interface Signal {
  readonly sent: Promise<void>;
  send(): void;
}

function createSignal(): Signal {
  let send = (): void => {};
  const sent = new Promise<void>((resolve) => {
    send = resolve;
  });
  return { sent, send };
}

class NodeFaultProxy implements FaultProxy {
  readonly #links = new Set<Link>();
  readonly #targetHost: string;
  #targetPort: number;
  #server: Server | undefined;
  #port = 0;
  #mode: FaultMode = 'pass';
  #delayMs = 0;
  #change = createSignal();

  constructor(options: FaultProxyOptions) {
    this.#targetPort = options.targetPort;
    this.#targetHost = options.targetHost ?? '127.0.0.1';
  }

  get port(): number {
    return this.#port;
  }

  get mode(): FaultMode {
    return this.#mode;
  }

  get connections(): number {
    return this.#links.size;
  }

  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  async set(mode: FaultMode, delayMs = 0): Promise<void> {
    const wasBlackhole = this.#mode === 'blackhole';
    this.#mode = mode;
    this.#delayMs = mode === 'latency' ? delayMs : 0;
    if (mode === 'reset' || mode === 'refuse') this.#resetAll(() => true);
    else if (wasBlackhole) this.#resetAll(isBroken);
    for (const link of this.#links) this.#applyTo(link);
    this.#change.send();
    this.#change = createSignal();
    await (mode === 'refuse' ? this.#stopListening() : this.listen());
  }

  retarget(port: number): void {
    this.#targetPort = port;
  }

  async close(): Promise<void> {
    this.#mode = 'refuse';
    this.#resetAll(() => true);
    this.#change.send();
    await this.#stopListening();
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #weather(): Weather {
    return {
      delayMs: this.#delayMs,
      swallow: this.#mode === 'blackhole',
      hold: this.#mode === 'freeze',
      change: this.#change.sent,
    };
  }

  #accept(client: Socket): void {
    if (this.#mode === 'reset' || this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const link = this.#mode === 'blackhole' ? { client, upstream: undefined, directions: [] } : this.#join(client);
    this.#links.add(link);
    const sockets = [client, link.upstream].filter((socket) => socket !== undefined);
    for (const socket of sockets) {
      socket.on('error', () => this.#reset(link));
      socket.on('close', () => this.#closed(link));
    }
    if (link.upstream === undefined) client.resume();
    this.#applyTo(link);
  }

  #join(client: Socket): Link {
    const upstream = connect({ port: this.#targetPort, host: this.#targetHost, allowHalfOpen: true });
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    const weather = (): Weather => this.#weather();
    const directions = [new Direction(client, upstream, weather), new Direction(upstream, client, weather)];
    return { client, upstream, directions };
  }

  // Sockets of a frozen link are not read: the peers' own buffers fill, as with a machine that hangs.
  #applyTo({ client, upstream }: Link): void {
    for (const socket of [client, upstream]) {
      if (this.#mode === 'freeze') socket?.pause();
      else socket?.resume();
    }
  }

  #closed(link: Link): void {
    const { client, upstream } = link;
    if (client.destroyed && (upstream?.destroyed ?? true)) this.#links.delete(link);
  }

  #reset(link: Link): void {
    // In the dark nobody learns that the other side has gone.
    if (this.#mode === 'blackhole') return;
    link.client.resetAndDestroy();
    link.upstream?.resetAndDestroy();
  }

  #resetAll(which: (link: Link) => boolean): void {
    for (const link of [...this.#links].filter(which)) {
      link.client.resetAndDestroy();
      link.upstream?.resetAndDestroy();
      this.#links.delete(link);
    }
  }
}
