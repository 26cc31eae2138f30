import type { Broadcast, EventData, EventName } from '../../../contract/index.ts';
import type { Token } from '../../database/index.ts';

/** An event on its way out. Whatever `to` leaves out is empty: `{}` goes to everybody. */
export interface OutgoingEvent<N extends EventName = EventName> {
  readonly event: N;
  readonly data: EventData<N>;
  readonly to: Partial<Broadcast>;
  /** The writer's causal token: the receivers' next reads see what the event tells of. */
  readonly token: Token | undefined;
  /** Only to connections of system admins. */
  readonly adminsOnly?: boolean;
  /** Not to connections of system admins, who get an event of their own that says more. */
  readonly exceptAdmins?: boolean;
}

/** Where services send events, after the verified commit and never before. Never throws, never waits. */
export interface Publisher {
  publish<N extends EventName>(event: OutgoingEvent<N>): void;
}
