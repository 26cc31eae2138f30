import type { Socket } from 'socket.io';
import { socketEventName } from '../../../contract/index.ts';
import type { CloseReason, Wire } from '../connection.ts';
import type { EncodedEvent, Envelope } from '../encoded-event.ts';
import { bufferedBytes, type EngineConnection, engineOf, idleWebSocket } from './engine-internals.ts';

/** A socket.io EVENT packet of the main namespace: `2["event",{...}]`; engine.io puts its message type 4 in front. */
const packetStart = `2["${socketEventName}",`;
const frameEnvelope: Envelope = { before: `4${packetStart}`, after: ']' };

/** A socket may be behind by so much: bytes given to the kernel's queue, packets that wait for it or for a poll. */
const bytesLimit = 1_048_576;
const packetsLimit = 256;

/** A socket.io socket as the hub sees it. */
export class SocketIoWire implements Wire {
  readonly transport = 'socket.io';
  readonly #socket: Socket;
  readonly #conn: EngineConnection;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#conn = engineOf(socket);
  }

  send(event: EncodedEvent, seq: number): void {
    const idle = idleWebSocket(this.#conn);
    if (idle) idle._sender.sendFrame([event.frame(frameEnvelope).withSeq(seq)]);
    else this.#conn.write(`${packetStart}${event.text(seq)}]`);
  }

  get fullness(): number {
    return Math.max(bufferedBytes(this.#conn) / bytesLimit, this.#conn.writeBuffer.length / packetsLimit);
  }

  close(reason: CloseReason): void {
    // socket.io's client takes the server's "disconnect" for final and comes back by itself after anything else.
    if (reason === 'session_ended' || reason === 'refused') this.#socket.disconnect(true);
    else this.#conn.close();
  }
}
