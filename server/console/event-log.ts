import { type DatabaseEvent, databaseEvent } from '../../contract/index.ts';
import type { LayerEvent } from '../database/index.ts';
import type { Logger } from '../observability/index.ts';
import type { Publisher } from '../services/index.ts';
import { openJournal } from './journal.ts';

export interface EventLogDeps {
  /** File of JSON lines that keeps the events over a restart. */
  readonly path: string;
  /** How many events are kept; default 1,000. */
  readonly keep?: number;
  readonly publisher: Publisher;
  readonly logger: Logger;
}

export interface EventPage {
  /** Only events with a higher id; without it, the newest. */
  readonly after?: number;
  readonly limit: number;
}

/** What has happened to the databases and who did what. Ids increase by one, also over restarts. */
export interface EventLog {
  /** Records the event and sends it to the admins. `actor` is null when nobody asked for it. */
  record(event: LayerEvent, actor: string | null): DatabaseEvent;
  /** Oldest first. */
  list(page: EventPage): DatabaseEvent[];
  flush(): Promise<void>;
}

export async function openEventLog({ path, keep = 1_000, publisher, logger }: EventLogDeps): Promise<EventLog> {
  const journal = await openJournal<DatabaseEvent>({
    path,
    keep,
    keyOf: (event) => event.id,
    parse: (value) => databaseEvent.safeParse(value).data,
    logger,
  });
  let lastId = journal.entries().at(-1)?.id ?? 0;

  return {
    record(event, actor) {
      const { at, kind, severity, source, text, detail } = event;
      lastId += 1;
      const recorded = { id: lastId, at: Math.round(at), kind, severity, source, actor, text, detail: { ...detail } };
      journal.put(recorded);
      publisher.publish({ event: 'database_event', data: recorded, to: {}, token: undefined, adminsOnly: true });
      return recorded;
    },
    list({ after, limit }) {
      const events = journal.entries();
      return after === undefined ? events.slice(-limit) : events.filter((event) => event.id > after).slice(0, limit);
    },
    flush: journal.flush,
  };
}
