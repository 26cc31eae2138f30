import type { DatabaseStatus } from '../../contract/index.ts';
import type { Connection } from './connection.ts';
import { EncodedEvent } from './encoded-event.ts';

/** `database_status` goes out at most this often. */
const intervalMs = 500;

/** The connections of admins who look at the Database page. Its timer runs only while there is one. */
export interface DatabaseWatch {
  set(connection: Connection, watching: boolean): void;
  /** Stops the timer. */
  stop(): void;
}

export interface DatabaseWatchDeps {
  readonly databaseStatus: () => DatabaseStatus;
  readonly deliver: (connection: Connection, event: EncodedEvent) => void;
}

/** Sends the state of the databases to those who watch it: once at the start, then at every turn of the timer. */
export function createDatabaseWatch(deps: DatabaseWatchDeps): DatabaseWatch {
  const watching = new Set<Connection>();
  let timer: NodeJS.Timeout | undefined;

  const event = () =>
    new EncodedEvent({
      event: 'database_status',
      data: deps.databaseStatus(),
      to: {},
      adminsOnly: true,
      token: undefined,
    });

  function turn(): void {
    const status = event();
    for (const connection of watching) if (connection.isAdmin) deps.deliver(connection, status);
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    set(connection, watch) {
      if (!watch) watching.delete(connection);
      else if (!watching.has(connection)) {
        watching.add(connection);
        timer ??= setInterval(turn, intervalMs).unref();
        deps.deliver(connection, event());
      }
      if (watching.size === 0) stop();
    },
    stop,
  };
}
