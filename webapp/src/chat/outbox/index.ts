export type { OutboxEntry } from './entry.ts';
export type { Outbox, OutboxItem } from './outbox.ts';
export { closeOutbox, sentAgainProp, useOutboxView, userOutbox } from './user-outbox.ts';
