import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AppError, newId } from '../../services/index.ts';
import { Intake } from '../intake.ts';
import { inboundLimit, type SocketTransport, type TransportDeps } from '../socket-transport.ts';
import { WriteTurn } from '../write-turn.ts';
import { ClientSocket, type ClientSocketDeps } from './client-socket.ts';
import { type Handshake, isForWebSocket, readHandshake } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

/** The transport of existing Mattermost clients: their protocol on `/api/v4/websocket`, the promises are the hub's. */
export function createMattermostTransport(deps: TransportDeps): SocketTransport {
  return new MattermostTransport({ ...deps, intake: new Intake(deps), turn: new WriteTurn() });
}

class MattermostTransport implements SocketTransport {
  readonly #deps: ClientSocketDeps;
  readonly #heartbeat = new Heartbeat();
  readonly #clients = new Set<ClientSocket>();
  #isClosed = false;
  readonly #upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: inboundLimit,
    perMessageDeflate: false,
  });

  constructor(deps: ClientSocketDeps) {
    this.#deps = deps;
  }

  attach(server: Server): void {
    this.#heartbeat.start();
    server.on('upgrade', (request, socket, head) => {
      if (isForWebSocket(request)) this.#upgrade(request, socket, head);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#heartbeat.stop();
    for (const client of this.#clients) client.stop();
  }

  // Answered in the same turn, whatever the answer: a session is looked for behind the handshake. socket.io ends what
  // nobody has answered after a second.
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { originRules, refusal, logger } = this.#deps;
    try {
      if (this.#isClosed) throw new AppError('api.web_socket.connect.stopping.app_error');
      const handshake = readHandshake(request, originRules());
      this.#upgrades.handleUpgrade(request, socket, head, (webSocket) => this.#serve(webSocket, handshake));
    } catch (error) {
      const body = refusal(error, newId());
      logger.warn('realtime.handshake_refused', { id: body.id, origin: request.headers.origin });
      refuseUpgrade(socket, body);
    }
  }

  #serve(webSocket: ConstructorParameters<typeof ClientSocket>[0], handshake: Handshake): void {
    const client = new ClientSocket(webSocket, handshake, this.#deps);
    const stopBeating = this.#heartbeat.add(client);
    this.#clients.add(client);
    webSocket.once('close', () => {
      stopBeating();
      this.#clients.delete(client);
    });
  }
}
