import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { socketHandshake, socketPath, type SocketAnswer } from '../../../contract/index.ts';
import type { Logger } from '../../observability/index.ts';
import { AppError, newId, TokenBuckets } from '../../services/index.ts';
import type { ActionDeps, ActionHandler } from '../actions.ts';
import type { OpenSocket, Hub, ResumeRequest } from '../hub.ts';
import { Inbox } from '../inbox.ts';
import { isAllowedOrigin, type OriginRules } from '../origin.ts';
import { identify, type SocketIdentityDeps } from '../socket-identity.ts';
import type { SocketIdentity } from '../connection.ts';
import { SocketIoWire } from './socket-io-wire.ts';
import { WriteTurn } from './write-turn.ts';

export interface SocketIoDeps extends SocketIdentityDeps {
  readonly hub: Pick<Hub, 'open'>;
  readonly actions: ActionHandler;
  readonly refusal: ActionDeps['refusal'];
  readonly originRules: () => OriginRules;
  readonly now: () => number;
  readonly logger: Logger;
}

export interface SocketTransport {
  /** Serves its path on this server. Called after the request handler was set, before listening. */
  attach(server: HttpServer): void;
  /** Refuses new sockets and closes those that are open. */
  close(): void;
}

/** Largest message from a client, in bytes: as Mattermost's websocket. */
const inboundLimit = 8_192;
/** Each action of a connection may cost an event to a thousand others. */
const actionRate = { capacity: 60, refillMs: 50 };

/** The webapp's transport. socket.io carries frames and reconnects; rooms, adapters and recovery are the hub's. */
export function createSocketIoTransport(deps: SocketIoDeps): SocketTransport {
  const io = new Server({
    path: socketPath,
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: inboundLimit,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    connectTimeout: 5_000,
    perMessageDeflate: false,
    allowRequest: (request, decide) => {
      const { origin, host } = request.headers;
      const allowed = isAllowedOrigin(origin, host, deps.originRules());
      if (!allowed) deps.logger.warn('realtime.origin_refused', { origin, host });
      decide(allowed ? null : 'origin not allowed', allowed);
    },
  });
  io.use((socket, next) => void admit(socket, next, deps));
  const turn = new WriteTurn();
  // One for all sockets, which keep it as long as they live.
  const serveDeps = { ...deps, rate: new TokenBuckets(() => actionRate, deps.now) };
  io.on('connection', (socket) => serve(socket, new SocketIoWire(socket, turn), serveDeps));
  return {
    attach: (server) => void io.attach(server),
    // Not `io.close()`: that would close the HTTP server too, which is not ours.
    close: () => {
      io.disconnectSockets(true);
      io.engine?.close();
    },
  };
}

/** What the middleware hands to the connection. */
interface Admitted {
  identity?: SocketIdentity;
  resume?: ResumeRequest | undefined;
}

// The client gets a refusal as `connect_error` with the API's error body in `data`: 401 means sign in, 503 try again.
async function admit(socket: Socket, next: (error?: Error) => void, deps: SocketIoDeps): Promise<void> {
  try {
    const resume = resumeOf(socket.handshake.auth);
    const identity = await identify(socket.handshake.headers, socket.handshake.address, deps);
    Object.assign(socket.data as Admitted, { identity, resume });
    next();
  } catch (error) {
    const body = deps.refusal(error, newId());
    next(Object.assign(new Error(body.message), { data: body }));
  }
}

function resumeOf(auth: unknown): ResumeRequest | undefined {
  const checked = socketHandshake.safeParse(auth);
  if (!checked.success) {
    throw new AppError('api.context.invalid_body_param.app_error', {
      params: { name: checked.error.issues[0]?.path.join('.') ?? 'auth' },
    });
  }
  const { connection_id: connectionId, sequence_number: sequenceNumber } = checked.data;
  return connectionId === undefined || sequenceNumber === undefined ? undefined : { connectionId, sequenceNumber };
}

function serve(socket: Socket, wire: SocketIoWire, deps: SocketIoDeps & { readonly rate: TokenBuckets }): void {
  const { rate } = deps;
  const { identity, resume } = socket.data as Admitted;
  if (!identity) return void socket.disconnect(true);
  const open = deps.hub.open({ identity, wire, resume });
  const inbox = new Inbox();
  socket.on('disconnect', () => open.closed());
  socket.on('error', (error: Error) => deps.logger.debug('realtime.socket_error', { error }));
  socket.onAny((name: string, ...args: unknown[]) => {
    const waitMs = rate.take(open.connection.id);
    if (waitMs > 0) answerTo(args)?.(tooFast(waitMs, deps));
    else if (!inbox.take(() => act(open, deps, name, args))) wire.close('flood');
  });
}

async function act({ connection }: OpenSocket, deps: SocketIoDeps, name: string, args: unknown[]): Promise<void> {
  const [data] = args;
  const answer = await deps.actions(connection, name, typeof data === 'function' ? undefined : data);
  answerTo(args)?.(answer);
}

function answerTo(args: readonly unknown[]): ((answer: SocketAnswer) => void) | undefined {
  const last = args.at(-1);
  return typeof last === 'function' ? (last as (answer: SocketAnswer) => void) : undefined;
}

function tooFast(waitMs: number, deps: SocketIoDeps): SocketAnswer {
  const seconds = Math.ceil(waitMs / 1_000);
  const error = new AppError('api.context.rate_limited.app_error', { params: { seconds }, retryAfter: seconds });
  return { status: 'FAIL', error: deps.refusal(error, newId()) };
}
