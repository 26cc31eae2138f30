import { api } from '../../client/index.ts';
import { chatState, markRead, takeNews } from '../state/index.ts';

/** Channels that were seen while the server could not be told. */
const owed = new Set<string>();

async function tell(channelId: string): Promise<void> {
  try {
    await api.channels.view(channelId);
    owed.delete(channelId);
  } catch {
    owed.add(channelId);
  }
}

/** The user has seen the channel to its end: counts as read here at once, and on the server as soon as it can be told. */
export function viewChannel(channelId: string): void {
  const newest = chatState().channels[channelId]?.last_post_at ?? 0;
  takeNews(markRead(channelId, newest));
  void tell(channelId);
}

/** Tells the server what it is still owed: after a reconnect. */
export function payReadMarks(): void {
  for (const channelId of owed) void tell(channelId);
}
