import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { OutboxEntry } from './entry.ts';
import type { OutboxStorage } from './outbox.ts';
import type { LedgerStorage, SentEntry } from './sent-ledger.ts';

interface OutboxSchema extends DBSchema {
  entries: { key: string; value: OutboxEntry; indexes: { user: string } };
  sent: { key: string; value: SentEntry; indexes: { user: string } };
}

let opening: Promise<IDBPDatabase<OutboxSchema>> | undefined;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  opening ??= openDB<OutboxSchema>('holdfast-outbox', 2, {
    upgrade(database, before) {
      if (before < 1) database.createObjectStore('entries', { keyPath: 'id' }).createIndex('user', 'userId');
      if (before < 2) database.createObjectStore('sent', { keyPath: 'id' }).createIndex('user', 'userId');
    },
    // A tab with a newer page wants to change the stores: this one lets go, and opens it again when it needs it.
    blocking(_now, _wanted, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
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

/** Confirmed messages of the last minutes, in the same place. */
export const deviceLedger: LedgerStorage = {
  all: async (userId) => (await open()).getAllFromIndex('sent', 'user', userId),
  put: async (entry) => {
    await (await open()).put('sent', entry);
  },
  remove: async (id) => (await open()).delete('sent', id),
};
