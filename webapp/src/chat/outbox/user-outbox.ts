import { notifications } from '@mantine/notifications';
import { create } from 'zustand';
import type { Post } from '../../../../contract/index.ts';
import { api, live, useDatabaseMode, useLiveState } from '../../client/index.ts';
import { randomId } from '../../ui/index.ts';
import { addPost, chatState, removePost, takeNews } from '../state/index.ts';
import { deviceLedger, deviceStorage } from './device-storage.ts';
import type { OutboxEntry } from './entry.ts';
import { Outbox, type OutboxItem, type OutboxTransport } from './outbox.ts';
import { SentLedger } from './sent-ledger.ts';
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
      ...(entry.again ? { props: { [sentAgainProp]: true } } : {}),
    }),
  amend: (postId, message) => api.posts.patch(postId, { message }),
  remove: async (postId) => {
    await api.posts.remove(postId);
  },
};

/** In the props of a post that was sent a second time: readers may have seen it before. */
export const sentAgainProp = 'holdfast_sent_again';

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

const browserClock = {
  now: () => Date.now(),
  after: (milliseconds: number, run: () => void) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** The post that was lost goes from the screen when its message goes into the outbox again. */
function restoreTo(outbox: Outbox, entry: OutboxEntry): void {
  outbox.restore(entry);
  const lost = Object.values(chatState().posts).filter((post) => post.pending_post_id === entry.id);
  for (const post of lost) takeNews(removePost(post.id));
}

/** Keeps the ledger true: by our own changes, and when the databases or the line to the server have changed. */
function followLedger(ledger: SentLedger): (() => void)[] {
  return [
    live.on('post_edited', (data) => {
      const post = JSON.parse(data.post) as Post;
      if (post.pending_post_id) void ledger.amend(post.pending_post_id, post.message);
    }),
    live.on('post_deleted', (data) => ledger.forget((JSON.parse(data.post) as Post).pending_post_id)),
    live.on('database_master_changed', ({ forced }) => forced && ledger.check()),
    // What was announced meanwhile is not known: it may have been a change by force.
    live.onResync(() => ledger.check()),
    () => ledger.close(),
  ];
}

let current: { readonly userId: string; readonly outbox: Outbox; readonly end: () => void } | undefined;

function open(userId: string) {
  const tabs = openTabChannel(userId, (notice) => outbox.receive(notice));
  const confirmed = new Set<string>();
  const outbox: Outbox = new Outbox({
    userId,
    storage: deviceStorage,
    transport,
    clock: browserClock,
    random: Math.random,
    newId: randomId,
    announce: tabs.announce,
    onDelivered: (entry) => ledger.note(entry),
    onPost: (post) => {
      confirmed.add(post.id);
      takeNews(addPost(post));
      useOutboxView.setState({ sent: confirmed.size });
    },
    onChangeRefused: (_entry, reason) =>
      notifications.show({ color: 'red', title: 'A change of your message was not saved', message: reason }),
    onStorageFailure: warnOfStorage,
  });
  const ledger = new SentLedger({
    userId,
    storage: deviceLedger,
    clock: browserClock,
    stored: async (ids) => (await api.posts.stored(ids)).pending_post_ids,
    restore: (entry) => restoreTo(outbox, entry),
  });
  const ends = [
    ...followLedger(ledger),
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
