import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { DatabaseEvent, Operation } from '../../../../contract/index.ts';
import { live, useLiveState } from '../../client/index.ts';
import { newerOperation, withEvent, withOperation } from './merge.ts';
import { consoleKeys } from './queries.ts';

/** Feeds the console's queries from the socket for as long as a page of the console is open. */
export function useLiveConsole(): void {
  const client = useQueryClient();
  const connected = useLiveState((state) => state.connected);

  useEffect(() => {
    const stops = [
      live.on('database_status', (status) => client.setQueryData(consoleKeys.databaseStatus, status)),
      live.on('database_event', (event) => keepEvent(client, event)),
      live.on('operation_updated', (operation) => keepOperation(client, operation)),
      live.on('config_changed', () => void client.invalidateQueries({ queryKey: consoleKeys.all })),
      live.onResync(() => void client.invalidateQueries({ queryKey: consoleKeys.all })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);

  useEffect(() => {
    if (!connected) return;
    void live.ask('watch_database', { watch: true });
    return () => void live.ask('watch_database', { watch: false });
  }, [connected]);
}

function keepEvent(client: QueryClient, event: DatabaseEvent): void {
  client.setQueryData<DatabaseEvent[]>(consoleKeys.databaseEvents, (events) => events && withEvent(events, event));
}

/** Takes over what the server said of an operation, by socket or as the answer of a request. */
export function keepOperation(client: QueryClient, operation: Operation): void {
  client.setQueryData<Operation[]>(consoleKeys.operations, (known) => known && withOperation(known, operation));
  client.setQueryData<Operation>(consoleKeys.operation(operation.id), (known) =>
    known === undefined ? operation : newerOperation(known, operation),
  );
  if (operation.outcome !== 'running') void client.invalidateQueries({ queryKey: consoleKeys.configStatus });
}
