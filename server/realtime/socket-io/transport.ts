import { Server, type Socket } from 'socket.io';
import { socketHandshake, socketPath, type SocketAnswer } from '../../../contract/index.ts';
import { AppError, newId } from '../../services/index.ts';
import type { OpenSocket, ResumeRequest } from '../hub.ts';
import { Intake } from '../intake.ts';
import { isAllowedOrigin } from '../origin.ts';
import { identify } from '../socket-identity.ts';
import type { SocketIdentity } from '../connection.ts';
import { inboundLimit, type SocketTransport, type TransportDeps } from '../socket-transport.ts';
import { WriteTurn } from '../write-turn.ts';
import { SocketIoWire } from './socket-io-wire.ts';

/** The webapp's transport. socket.io carries frames and reconnects; rooms, adapters and recovery are the hub's. */
export function createSocketIoTransport(deps: TransportDeps): SocketTransport {
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
  const serveDeps = { ...deps, intake: new Intake(deps) };
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
async function admit(socket: Socket, next: (error?: Error) => void, deps: TransportDeps): Promise<void> {
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

function serve(socket: Socket, wire: SocketIoWire, deps: TransportDeps & { readonly intake: Intake }): void {
  const { identity, resume } = socket.data as Admitted;
  if (!identity) return void socket.disconnect(true);
  const open = deps.hub.open({ identity, wire, resume });
  const intake = deps.intake.open(open.connection.id);
  socket.on('disconnect', () => open.closed());
  socket.on('error', (error: Error) => deps.logger.debug('realtime.socket_error', { error }));
  socket.onAny((name: string, ...args: unknown[]) => {
    const isTaken = intake.take(
      () => act(open, deps, name, args),
      (refusal) => answerTo(args)?.(refusal),
    );
    if (!isTaken) wire.close('flood');
  });
}

async function act({ connection }: OpenSocket, deps: TransportDeps, name: string, args: unknown[]): Promise<void> {
  const [data] = args;
  const answer = await deps.actions(connection, name, typeof data === 'function' ? undefined : data);
  answerTo(args)?.(answer);
}

function answerTo(args: readonly unknown[]): ((answer: SocketAnswer) => void) | undefined {
  const last = args.at(-1);
  return typeof last === 'function' ? (last as (answer: SocketAnswer) => void) : undefined;
}
