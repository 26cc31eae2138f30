import type { Socket } from 'socket.io';
import { socketEventName } from '../../../contract/index.ts';
import type { CloseReason, Wire } from '../connection.ts';
import type { EncodedEvent, Envelope } from '../encoded-event.ts';
import { EventWriter, type FrameLink, type NumberedEvent } from '../event-writer.ts';
import type { WriteTurn } from '../write-turn.ts';
import { EngineLink } from './engine-link.ts';

/** A socket.io EVENT packet of the main namespace: `2["event",{...}]`; engine.io puts its message type 4 in front. */
const packetStart = `2["${socketEventName}",`;
const envelope: Envelope = { before: `4${packetStart}`, after: ']', withToken: true };

/** A socket.io socket as the hub sees it. */
export class SocketIoWire implements Wire, FrameLink {
  readonly transport = 'socket.io';
  readonly envelope = envelope;
  readonly #socket: Socket;
  readonly #link: EngineLink;
  readonly #writer: EventWriter;

  constructor(socket: Socket, turn: WriteTurn) {
    this.#socket = socket;
    this.#link = new EngineLink(socket);
    this.#link.forgetHandshake();
    this.#writer = new EventWriter(this, turn);
  }

  send(event: EncodedEvent, seq: number): void {
    this.#writer.send(event, seq);
  }

  writeFrames(frames: readonly Buffer[]): boolean {
    return this.#link.writeFrames(frames);
  }

  queue({ event, seq }: NumberedEvent): void {
    this.#link.queuePacket(`${packetStart}${event.text(seq)}]`);
  }

  abandon(): void {
    this.#link.close();
  }

  get fullness(): number {
    return Math.max(this.#link.fullness, this.#writer.fullness);
  }

  close(reason: CloseReason): void {
    this.#writer.flush();
    // socket.io's client takes the server's "disconnect" for final and comes back by itself after anything else.
    if (reason === 'session_ended' || reason === 'refused') this.#socket.disconnect(true);
    else this.#link.close();
  }
}
