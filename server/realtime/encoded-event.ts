import type { Broadcast, EventName } from '../../contract/index.ts';
import type { OutgoingEvent } from '../services/index.ts';
import { SharedFrame } from './shared-frame.ts';

/** What a transport puts around an event: socket.io `42["event",` and `]`, the Mattermost websocket nothing. */
export interface Envelope {
  readonly before: string;
  readonly after: string;
}

/**
 * An event on its way to many connections. It is printed as JSON once, with `seq` as its last member and left open,
 * and framed once per envelope; both only when the first receiver needs it.
 */
export class EncodedEvent {
  readonly name: EventName;
  readonly #event: OutgoingEvent;
  #head: string | undefined;
  readonly #frames = new Map<Envelope, SharedFrame>();

  constructor(event: OutgoingEvent) {
    this.name = event.event;
    this.#event = event;
  }

  /** The event as JSON text for one receiver. */
  text(seq: number): string {
    return `${this.#openText()}${seq}}`;
  }

  /** The frame that all receivers behind this envelope share. */
  frame(envelope: Envelope): SharedFrame {
    let frame = this.#frames.get(envelope);
    if (!frame) {
      frame = new SharedFrame(envelope.before + this.#openText(), `}${envelope.after}`);
      this.#frames.set(envelope, frame);
    }
    return frame;
  }

  #openText(): string {
    this.#head ??= openText(this.#event);
    return this.#head;
  }
}

function openText({ event, data, to, token }: OutgoingEvent): string {
  const text = JSON.stringify({ event, data, broadcast: broadcastOf(to), token });
  return `${text.slice(0, -1)},"seq":`;
}

function broadcastOf(to: Partial<Broadcast>): Broadcast {
  return {
    omit_users: to.omit_users ?? null,
    user_id: to.user_id ?? '',
    channel_id: to.channel_id ?? '',
    team_id: to.team_id ?? '',
    connection_id: to.connection_id ?? '',
    omit_connection_id: to.omit_connection_id ?? '',
  };
}
