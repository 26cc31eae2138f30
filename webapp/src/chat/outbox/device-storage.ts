import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { OutboxEntry } from './entry.ts';
import type { OutboxStorage } from './outbox.ts';

interface OutboxSchema extends DBSchema {
  entries: { key: string; value: OutboxEntry; indexes: { user: string } };
}

let opening: Promise<IDBPDatabase<OutboxSchema>> | undefined;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  opening ??= openDB<OutboxSchema>('holdfast-outbox', 1, {
    upgrade(database) {
      database.createObjectStore('entries', { keyPath: 'id' }).createIndex('user', 'userId');
    },
    // The browser may close it (cleared site data): the next call opens it again.
    terminated() {
      opening = undefined;
    },
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

/** Entries in this browser's IndexedDB, which survives reloads, crashes and sign-outs. */
export const deviceStorage: OutboxStorage = {
  all: async (userId) => (await open()).getAllFromIndex('entries', 'user', userId),
  put: async (entry) => {
    await (await open()).put('entries', entry);
  },
  remove: async (id) => (await open()).delete('entries', id),
};
