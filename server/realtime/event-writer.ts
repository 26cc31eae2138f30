import type { EncodedEvent, Envelope } from './encoded-event.ts';
import type { WriteTurn } from './write-turn.ts';

/** So many events may wait for the end of a turn: enough for a full replay. */
const waitingLimit = 256;

export interface NumberedEvent {
  readonly event: EncodedEvent;
  readonly seq: number;
}

/** The way from a writer to the network. */
export interface FrameLink {
  readonly envelope: Envelope;
  /** Writes frames straight to the network, or refuses with false when something waits in front. */
  writeFrames(frames: readonly Buffer[]): boolean;
  /** Takes what `writeFrames` has refused. */
  queue(event: NumberedEvent): void;
  /** Gives the socket up after a failure; its connection keeps the events for the client's return. */
  abandon(): void;
}

/** Writes the events of one socket: the first of a turn at once, the further ones together at its end. */
export class EventWriter {
  readonly #link: FrameLink;
  readonly #turn: WriteTurn;
  #writtenInTurn = -1;
  #waiting: NumberedEvent[] | undefined;

  constructor(link: FrameLink, turn: WriteTurn) {
    this.#link = link;
    this.#turn = turn;
  }

  send(event: EncodedEvent, seq: number): void {
    const turn = this.#turn.current();
    if (this.#writtenInTurn !== turn) {
      this.#writtenInTurn = turn;
      if (this.#link.writeFrames([this.#frameOf({ event, seq })])) return;
    }
    if (this.#waiting) this.#waiting.push({ event, seq });
    else {
      this.#waiting = [{ event, seq }];
      this.#turn.add(this);
    }
  }

  /** Writes what waits: straight where the way is free, else through the link's queue. */
  flush(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    if (this.#link.writeFrames(waiting.map((numbered) => this.#frameOf(numbered)))) return;
    for (const numbered of waiting) this.#link.queue(numbered);
  }

  failed(): void {
    this.#link.abandon();
  }

  /** How full the queue of this turn is: 0 = empty, 1 = full. */
  get fullness(): number {
    return (this.#waiting?.length ?? 0) / waitingLimit;
  }

  #frameOf({ event, seq }: NumberedEvent): Buffer {
    return event.frame(this.#link.envelope).withSeq(seq);
  }
}
