import type { Socket } from 'socket.io';
import { socketEventName } from '../../../contract/index.ts';
import type { CloseReason, Wire } from '../connection.ts';
import type { EncodedEvent, Envelope } from '../encoded-event.ts';
import { EngineLink } from './engine-link.ts';
import type { WriteTurn } from './write-turn.ts';

/** A socket.io EVENT packet of the main namespace: `2["event",{...}]`; engine.io puts its message type 4 in front. */
const packetStart = `2["${socketEventName}",`;
const frameEnvelope: Envelope = { before: `4${packetStart}`, after: ']' };
/** So many events may wait for the end of a turn: enough for a full replay. */
const waitingLimit = 256;

interface Waiting {
  readonly event: EncodedEvent;
  readonly seq: number;
}

/** A socket.io socket as the hub sees it. */
export class SocketIoWire implements Wire {
  readonly transport = 'socket.io';
  readonly #socket: Socket;
  readonly #link: EngineLink;
  readonly #turn: WriteTurn;
  #writtenInTurn = -1;
  #waiting: Waiting[] | undefined;

  constructor(socket: Socket, turn: WriteTurn) {
    this.#socket = socket;
    this.#link = new EngineLink(socket);
    this.#link.forgetHandshake();

    this.#turn = turn;
  }

  send(event: EncodedEvent, seq: number): void {
    const turn = this.#turn.current();
    if (this.#writtenInTurn !== turn) {
      this.#writtenInTurn = turn;
      if (this.#link.writeFrames([frameOf(event, seq)])) return;
    }
    if (this.#waiting) this.#waiting.push({ event, seq });
    else {
      this.#waiting = [{ event, seq }];
      this.#turn.add(this);
    }
  }

  /** Writes what waits: straight where the transport is idle, else through engine.io's queue. */
  flush(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    if (this.#link.writeFrames(waiting.map(({ event, seq }) => frameOf(event, seq)))) return;
    for (const { event, seq } of waiting) this.#link.queuePacket(`${packetStart}${event.text(seq)}]`);
  }

  /** A socket that breaks is cut; its connection keeps the events for the client's return. */
  failed(): void {
    this.#link.close();
  }

  get fullness(): number {
    return Math.max(this.#link.fullness, (this.#waiting?.length ?? 0) / waitingLimit);
  }

  close(reason: CloseReason): void {
    this.flush();
    // socket.io's client takes the server's "disconnect" for final and comes back by itself after anything else.
    if (reason === 'session_ended' || reason === 'refused') this.#socket.disconnect(true);
    else this.#link.close();
  }
}

const frameOf = (event: EncodedEvent, seq: number): Buffer => event.frame(frameEnvelope).withSeq(seq);
