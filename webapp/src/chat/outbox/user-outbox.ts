import { notifications } from '@mantine/notifications';
import { create } from 'zustand';
import type { Post } from '../../../../contract/index.ts';
import { api, live, useDatabaseMode, useLiveState } from '../../client/index.ts';
import { randomId } from '../../ui/index.ts';
import { addPost, change } from '../state/index.ts';
import { deviceStorage } from './device-storage.ts';
import { Outbox, type OutboxItem, type OutboxTransport } from './outbox.ts';
import { openTabChannel, waitForLead } from './tabs.ts';

interface OutboxView {
  readonly items: readonly OutboxItem[];
  /** Messages of this page that the server has confirmed since it was opened. */
  readonly sent: number;
}

/** What components see of the outbox. */
export const useOutboxView = create<OutboxView>()(() => ({ items: [], sent: 0 }));

/** Longer than the server holds writes during a switch, so that an answer is not thrown away. */
const transport: OutboxTransport = {
  send: (entry) =>
    api.posts.create({
      channel_id: entry.channelId,
      root_id: entry.rootId,
      message: entry.message,
      pending_post_id: entry.id,
    }),
  amend: (postId, message) => api.posts.patch(postId, { message }),
  remove: async (postId) => {
    await api.posts.remove(postId);
  },
};

let storageWarned = false;

function warnOfStorage(): void {
  if (storageWarned) return;
  storageWarned = true;
  notifications.show({
    color: 'yellow',
    title: 'Unsent messages are not kept',
    message: 'This browser does not let the page store anything. Messages wait only as long as this page is open.',
  });
}

function watchForBetterTimes(outbox: Outbox): () => void {
  const retry = () => outbox.retryNow();
  const retryWhenVisible = () => {
    if (document.visibilityState === 'visible') retry();
  };
  addEventListener('online', retry);
  document.addEventListener('visibilitychange', retryWhenVisible);
  const ends = [
    useLiveState.subscribe((now, before) => now.connected && !before.connected && retry()),
    useDatabaseMode.subscribe((now, before) => now.mode === 'normal' && before.mode !== 'normal' && retry()),
  ];
  return () => {
    removeEventListener('online', retry);
    document.removeEventListener('visibilitychange', retryWhenVisible);
    for (const end of ends) end();
  };
}

let current: { readonly userId: string; readonly outbox: Outbox; readonly end: () => void } | undefined;

function open(userId: string) {
  const tabs = openTabChannel(userId, (notice) => outbox.receive(notice));
  const confirmed = new Set<string>();
  const outbox: Outbox = new Outbox({
    userId,
    storage: deviceStorage,
    transport,
    clock: {
      now: () => Date.now(),
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    newId: randomId,
    announce: tabs.announce,
    onPost: (post) => {
      confirmed.add(post.id);
      change(addPost(post));
      useOutboxView.setState({ sent: confirmed.size });
    },
    onChangeRefused: (_entry, reason) =>
      notifications.show({ color: 'red', title: 'A change of your message was not saved', message: reason }),
    onStorageFailure: warnOfStorage,
  });
  const ends = [
    outbox.subscribe(() => useOutboxView.setState({ items: outbox.items() })),
    waitForLead(userId, () => outbox.setDraining(true)),
    watchForBetterTimes(outbox),
    live.on('posted', (data) => outbox.settle(JSON.parse(data.post) as Post)),
    tabs.close,
  ];
  void outbox.load();
  return {
    userId,
    outbox,
    end: () => {
      outbox.close();
      for (const end of ends) end();
      useOutboxView.setState({ items: [], sent: 0 });
    },
  };
}

/** The outbox of the signed-in user; opened at the first call. */
export function userOutbox(userId: string): Outbox {
  if (current?.userId !== userId) {
    current?.end();
    current = open(userId);
  }
  return current.outbox;
}

/** At the end of a session: stops sending. What waits stays on the device until the same user signs in again. */
export function closeOutbox(): void {
  current?.end();
  current = undefined;
}
