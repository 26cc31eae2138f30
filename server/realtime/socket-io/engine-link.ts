import type { IncomingMessage } from 'node:http';
import type { Socket } from 'socket.io';

/** The parts of a `ws` socket that its types leave out. engine.io sends pre-built frames by the same two members. */
interface FrameSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly _sender: { sendFrame(list: readonly Buffer[]): void };
}

interface EngineTransport {
  readonly name: string;
  readonly writable: boolean;
  readonly socket?: FrameSocket;
}

interface EngineConnection {
  readonly transport: EngineTransport;
  readonly writeBuffer: readonly unknown[];
  request: IncomingMessage | undefined;
  write(data: string): unknown;
  close(): unknown;
}

const webSocketOpen = 1;
/** A socket may be behind by so much: bytes given to the kernel's queue, packets that wait for it or for a poll. */
const bytesLimit = 1_048_576;
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
    if (webSocket?.readyState !== webSocketOpen || !transport.writable || writeBuffer.length > 0) return false;
    webSocket._sender.sendFrame(frames.length === 1 ? frames : [Buffer.concat(frames)]);
    return true;
  }

  /** Hands a packet to engine.io, which keeps it until its transport can take it. */
  queuePacket(packet: string): void {
    this.#conn.write(packet);
  }

  /** How full the queues below are: 0 = empty, 1 = full. */
  get fullness(): number {
    const bytes = this.#current()?.bufferedAmount ?? 0;
    return Math.max(bytes / bytesLimit, this.#conn.writeBuffer.length / packetsLimit);
  }

  close(): void {
    this.#conn.close();
  }

  #current(): FrameSocket | undefined {
    const { transport } = this.#conn;
    if (transport !== this.#transport) {
      this.#transport = transport;
      const isFast = transport.name === 'websocket' && typeof transport.socket?._sender?.sendFrame === 'function';
      this.#webSocket = isFast ? transport.socket : undefined;
    }
    return this.#webSocket;
  }
}
