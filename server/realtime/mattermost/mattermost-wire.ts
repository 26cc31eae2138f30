import type { WebSocket } from 'ws';
import type { CloseReason, Wire } from '../connection.ts';
import type { EncodedEvent, Envelope } from '../encoded-event.ts';
import { EventWriter, type FrameLink } from '../event-writer.ts';
import { bytesFullness, type FrameSocket, isOpen, takesFrames, writeFrames } from '../frame-socket.ts';
import type { SocketIdentityDeps } from '../socket-identity.ts';
import type { WriteTurn } from '../write-turn.ts';
import { endSocket } from './end-socket.ts';

/** Mattermost's events, as they are: no token. */
const envelope: Envelope = { before: '', after: '', withToken: false };

/** RFC 6455, 7.4.1, with the text of the close frame. Clients come back after each of them; these are for their logs. */
const endings: Readonly<Record<CloseReason, readonly [code: number, text: string]>> = {
  session_ended: [1008, 'the session has ended'],
  refused: [1008, 'not signed in'],
  flood: [1008, 'too many requests'],
  slow: [1013, 'too slow'],
  broken: [1011, 'broken'],
  resync: [1012, 'read the state anew'],
  taken_over: [1000, 'another socket goes on'],
  stopping: [1001, 'the server stops'],
};

export interface MattermostWireDeps extends Pick<SocketIdentityDeps, 'causality'> {
  readonly turn: WriteTurn;
}

/** A client's WebSocket as the hub sees it. */
export class MattermostWire implements Wire, FrameLink {
  readonly transport = 'websocket';
  readonly envelope = envelope;
  readonly #socket: WebSocket & FrameSocket;
  readonly #userId: string;
  readonly #causality: SocketIdentityDeps['causality'];
  readonly #writer: EventWriter;
  #seen: EncodedEvent['token'];

  constructor(socket: WebSocket, userId: string, { causality, turn }: MattermostWireDeps) {
    if (!takesFrames(socket))
      throw new Error('ws has another shape than expected: see server/realtime/frame-socket.ts');
    this.#socket = socket;
    this.#userId = userId;
    this.#causality = causality;
    this.#writer = new EventWriter(this, turn);
  }

  send(event: EncodedEvent, seq: number): void {
    this.#see(event.token);
    this.#writer.send(event, seq);
  }

  // These clients send no token back: the server itself remembers what their user was told of, so that the next read,
  // over whatever replica, has it.
  #see(token: EncodedEvent['token']): void {
    if (token === undefined || token === this.#seen) return;
    this.#seen = token;
    this.#causality.of(this.#userId).raise(token);
  }

  writeFrames(frames: readonly Buffer[]): boolean {
    if (!isOpen(this.#socket)) return false;
    writeFrames(this.#socket, frames);
    return true;
  }

  /** A socket that is closing takes nothing more; the connection keeps it for the client's return. */
  queue(): void {}

  abandon(): void {
    this.#socket.terminate();
  }

  get fullness(): number {
    return Math.max(bytesFullness(this.#socket), this.#writer.fullness);
  }

  close(reason: CloseReason): void {
    // What is queued would go out first, which a socket that is too slow or broken does not get done.
    if (reason === 'slow' || reason === 'broken') return this.#socket.terminate();
    this.#writer.flush();
    endSocket(this.#socket, ...endings[reason]);
  }
}
