import type { OutboxNotice } from './outbox.ts';

/** Talks to the user's other tabs. Returns how to speak and how to end. */
export function openTabChannel(userId: string, hear: (notice: OutboxNotice) => void) {
  const channel = new BroadcastChannel(`holdfast-outbox-${userId}`);
  channel.addEventListener('message', (event) => hear(event.data as OutboxNotice));
  return {
    announce: (notice: OutboxNotice) => channel.postMessage(notice),
    close: () => channel.close(),
  };
}

/** Calls `lead` when this tab becomes the one that sends: at once, or when the tab before it is closed. */
export function waitForLead(userId: string, lead: () => void): () => void {
  // Browsers keep locks to https and localhost. Without them every tab sends; the server takes each message once all the same.
  if (!('locks' in navigator)) {
    lead();
    return () => undefined;
  }
  const giveUp = new AbortController();
  let release: (() => void) | undefined;
  navigator.locks
    .request(`holdfast-outbox-${userId}`, { signal: giveUp.signal }, () => {
      lead();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => undefined);
  return () => {
    giveUp.abort();
    release?.();
  };
}
