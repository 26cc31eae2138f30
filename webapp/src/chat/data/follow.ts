import type { ServerEvent } from '../../../../contract/index.ts';
import { live, useLiveState, useSession } from '../../client/index.ts';
import { closeOutbox, userOutbox } from '../outbox/index.ts';
import { change, changeOf, chatState, endStretch, leaveChannel, markStale, takeNews } from '../state/index.ts';
import { catchUp, loadThread } from './posts.ts';
import { payReadMarks } from './read-marks.ts';
import { refreshChannels, takeChannel } from './team.ts';
import { loadStatuses, needUsers } from './users.ts';

let openChannelId: string | undefined;
let openThreadId: string | undefined;

/** Which channel is on the screen: it is caught up first after a lost connection. */
export function setOpenChannel(channelId: string | undefined): void {
  openChannelId = channelId;
}

export const getOpenChannel = (): string | undefined => openChannelId;

/** Which thread is on the screen, by its root. */
export function setOpenThread(rootId: string | undefined): void {
  openThreadId = rootId;
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

let turn = 0;

async function catchUpOpenChannel(): Promise<void> {
  if (openChannelId === undefined) return;
  const changes = await catchUp(openChannelId);
  const { myId } = chatState();
  for (const post of Object.values(changes?.posts ?? {})) {
    if (post.user_id === myId) userOutbox(myId).settle(post);
  }
}

/** Makes up for events that were missed: the open channel and thread, and the unread counts of the rest. Tries until it works. */
export async function resync(): Promise<void> {
  const { myId, team } = chatState();
  if (!team) return;
  turn += 1;
  const mine = turn;
  endStretch();
  change(markStale(openChannelId, openThreadId));
  for (let wait = 500; mine === turn && chatState().myId === myId; wait = Math.min(5_000, wait * 2)) {
    try {
      const thread = openThreadId === undefined ? undefined : loadThread(openThreadId);
      await Promise.all([catchUpOpenChannel(), thread, refreshChannels()]);
      payReadMarks();
      return;
    } catch {
      await later(wait);
    }
  }
}

/** Events that say only that something is there: it is asked for. A failure is made up by the next resync. */
function fetchWhatItTells(event: ServerEvent): void {
  const { myId, team } = chatState();
  const take = (channelId: string) => void takeChannel(channelId).catch(() => undefined);
  const data = event.data as Record<string, string>;
  if (event.event === 'posted') {
    const post = JSON.parse(data.post ?? '{}') as { user_id: string; channel_id: string };
    needUsers([post.user_id]);
    if (!chatState().members[post.channel_id]) take(post.channel_id);
  } else if (event.event === 'typing') needUsers([data.user_id ?? '']);
  else if (event.event === 'direct_added' || event.event === 'group_added') take(event.broadcast.channel_id);
  else if (event.event === 'user_added' && data.user_id === myId) take(event.broadcast.channel_id);
  else if (event.event === 'channel_created' && data.team_id === team?.id) take(data.channel_id ?? '');
  else if (event.event === 'user_removed' && data.user_id === myId) takeNews(leaveChannel(event.broadcast.channel_id));
}

/** People come and go without an event to each of us: the statuses on the screen are renewed now and then. */
function renewStatuses(): void {
  if (document.visibilityState === 'visible' && useLiveState.getState().connected) {
    void loadStatuses(Object.keys(chatState().statuses));
  }
}

let following = false;

/** Lets the socket's events change the state, for as long as the page lives. */
export function followEvents(): void {
  if (following) return;
  following = true;
  live.onAny((event) => {
    takeNews(changeOf(event, Date.now()));
    fetchWhatItTells(event);
  });
  live.onResync(() => void resync());
  live.on('database_master_changed', ({ forced }) => forced && void resync());
  useSession.subscribe((session) => {
    if (session.state === 'anonymous') closeOutbox();
  });
  setInterval(renewStatuses, 60_000);
}
