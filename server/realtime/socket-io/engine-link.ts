import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';
import { bytesFullness, type FrameSocket, isOpen, takesFrames, writeFrames } from '../frame-socket.ts';

interface EngineTransport {
  readonly name: string;
  readonly writable: boolean;
  readonly socket?: unknown;
}

interface EngineConnection {
  readonly transport: EngineTransport;
  readonly writeBuffer: readonly unknown[];
  request: IncomingMessage | undefined;
  write(data: string): unknown;
  close(): unknown;
}

/** So many packets may wait for the network or for a poll. */
const packetsLimit = 256;

/**
 * The engine.io connection below a socket.io socket, with a way past its queue. Its members are not all public, so
 * their shape is checked: after an upgrade of the package which moves them, the first test throws here instead of the
 * order of events breaking somewhere.
 */
export class EngineLink {
  readonly #socket: Socket;
  readonly #conn: EngineConnection;
  // Which transport it was the last time, and its `ws` socket: an upgrade from polling changes both.
  #transport: EngineTransport | undefined;
  #webSocket: FrameSocket | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#conn = socket.conn as unknown as EngineConnection;
    if (!Array.isArray(this.#conn.writeBuffer) || typeof this.#conn.transport?.writable !== 'boolean') {
      throw new Error('engine.io has another shape than expected: see server/realtime/socket-io/engine-link.ts');
    }
  }

  /**
   * Lets go of the handshake's headers, which engine.io and socket.io would keep as long as the socket lives: some KiB
   * each. Nobody asks for them after the client was let in.
   */
  forgetHandshake(): void {
    const { request } = this.#conn;
    if (!request) return;
    request.rawHeaders = [];
    request.headers = {};
    this.#conn.request = undefined;
    this.#socket.handshake.headers = {};
  }

  /**
   * Writes frames straight to the network, or refuses with false. It may only when nothing waits in front: then the
   * order is kept, and a delivery costs one write instead of a packet, a queue and five emits.
   */
  writeFrames(frames: readonly Buffer[]): boolean {
    const { transport, writeBuffer } = this.#conn;
    const webSocket = this.#current();
    if (!webSocket || !isOpen(webSocket) || !transport.writable || writeBuffer.length > 0) return false;
    writeFrames(webSocket, frames);
    return true;
  }

  /** Hands a packet to engine.io, which keeps it until its transport can take it. */
  queuePacket(packet: string): void {
    this.#conn.write(packet);
  }

  /** How full the queues below are: 0 = empty, 1 = full. */
  get fullness(): number {
    const webSocket = this.#current();
    const bytes = webSocket ? bytesFullness(webSocket) : 0;
    return Math.max(bytes, this.#conn.writeBuffer.length / packetsLimit);
  }

  close(): void {
    this.#conn.close();
  }

  #current(): FrameSocket | undefined {
    const { transport } = this.#conn;
    if (transport !== this.#transport) {
      this.#transport = transport;
      const { name, socket } = transport;
      this.#webSocket = name === 'websocket' && takesFrames(socket) ? socket : undefined;
    }
    return this.#webSocket;
  }
}
