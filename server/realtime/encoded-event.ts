import type { Broadcast, EventName } from '../../contract/index.ts';
import type { OutgoingEvent } from '../services/index.ts';
import { SharedFrame } from './shared-frame.ts';

/** What a transport puts around an event: socket.io `42["event",` and `]`, the Mattermost websocket nothing. */
export interface Envelope {
  readonly before: string;
  readonly after: string;
  /** Whether the event carries the writer's causal token: ours, which Mattermost's events do not have. */
  readonly withToken: boolean;
}

/**
 * An event on its way to many connections. It is printed as JSON once, left open for the token and `seq` as its last
 * members, and framed once per envelope; both only when the first receiver needs it.
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

  /** The causal token of whoever wrote what the event tells of. */
  get token(): OutgoingEvent['token'] {
    return this.#event.token;
  }

  /** The event as JSON text for one receiver, with its token. */
  text(seq: number): string {
    return `${this.#openText(true)}${seq}}`;
  }

  /** The frame that all receivers behind this envelope share. */
  frame(envelope: Envelope): SharedFrame {
    let frame = this.#frames.get(envelope);
    if (!frame) {
      frame = new SharedFrame(envelope.before + this.#openText(envelope.withToken), `}${envelope.after}`);
      this.#frames.set(envelope, frame);
    }
    return frame;
  }

  /** The text up to the place of `seq`'s digits. */
  #openText(withToken: boolean): string {
    this.#head ??= headOf(this.#event);
    const { token } = this;
    return withToken && token !== undefined
      ? `${this.#head},"token":${JSON.stringify(token)},"seq":`
      : `${this.#head},"seq":`;
  }
}

function headOf({ event, data, to }: OutgoingEvent): string {
  return JSON.stringify({ event, data, broadcast: broadcastOf(to) }).slice(0, -1);
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
